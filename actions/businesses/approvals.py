"""Steps that need two organisers: deadlines, the publication of claims, redactions, and the refusal of replies."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.businesses.models import CompanyReply, Entry, Kind
from actions.businesses.models.entry import twelve_months_after
from actions.businesses.models.fairness import may_be_published, may_get_deadline, why_not_yet
from actions.businesses.models.kinds import REDACTABLE
from actions.businesses.models.notice import TO_COMPANY, Notice
from actions.businesses.notices.drafts import fixed_part
from campaign.approvals.kinds import Kind as Approval
from campaign.approvals.kinds import NotPossibleError, Request, kind
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.mail.models import Message
from campaign.media.uses import uses_of
from campaign.privacy import erasures

PUBLISH, DEADLINE, REDACT = "businesses.publish", "businesses.deadline", "businesses.redact"
REFUSE_REPLY = "businesses.refuse_reply"
MAX_LINES = 5  # for each kind of line on the page of a request to publish


class AboutEntry(Approval):
    """A request about one ledger entry, whose key is the subject."""

    permission = "businesses.decide_entry"
    always_second = True
    counts_people = False
    name: str

    def is_possible(self, entry: Entry) -> bool:
        """Return whether the step makes sense for this entry now."""
        raise NotImplementedError

    def people(self, request: Request) -> int:
        """Return 1, or 0 if the step no longer makes sense."""
        entry = self.entry(request)
        return 1 if entry and self.is_possible(entry) else 0

    def settle(self, request: Request) -> int:
        """Return 1, or 0 if the step no longer makes sense or another such request is waiting."""
        return 0 if ApprovalRequest.objects.open_about(self.name, request.subject).exists() else self.people(request)

    def possible(self, request: Request) -> Entry:
        """Return the entry. Raises NotPossibleError if the step no longer makes sense."""
        entry = self.entry(request)
        if entry is None or not self.is_possible(entry):
            raise NotPossibleError(self.nobody)
        return entry

    def entry(self, request: Request) -> Entry | None:
        """Return the entry that a request is about, or None."""
        return Entry.objects.filter(pk=request.subject).select_related("brand").first()

    def sample(self, request: Request) -> list[str]:
        """Return the brand with the entry and its date, and what the entry says."""
        entry = self.entry(request)
        if entry is None:
            return []
        words = " · ".join([entry.brand.title, entry.in_words, date_format(entry.happened_on, "j F Y")])
        return [words, *filter(None, (entry.note, entry.quotation, entry.evidence_url, entry.document_hash))]

    def links(self, request: Request) -> list[tuple[Any, str]]:
        return [(_("Open the entry"), self.page(request))]

    def page(self, request: Request) -> str:
        return reverse("admin:businesses_entry_change", args=[request.subject])


@kind(PUBLISH)
class Publication(AboutEntry):
    """The publication of a claim against a company, once the company has had time to reply to a delivered notice."""

    label = gettext_lazy("Publish a claim about a company")
    warning = gettext_lazy(
        "Visitors will read this about the company, with its reply beside it. If it is wrong, or can’t be proved, the "
        "company may sue. Compare every word with the evidence first, and read the company’s reply."
    )
    nobody = gettext_lazy(
        "This can’t be published now: another organiser has to check it, it needs a link or a file as evidence, and it "
        "must not have been corrected, published or requested already. “No answer” also needs a reminder before it."
    )
    name = PUBLISH

    def is_possible(self, entry: Entry) -> bool:
        return may_be_published(entry, timezone.now())

    def sample(self, request: Request) -> list[str]:
        """Return the claim, the letters about it, the company's replies since, and what the claim is waiting for."""
        entry, now = self.entry(request), timezone.now()
        if entry is None:
            return []
        replies = entry.brand.entries.replies_since(entry, now)
        lines = [_("Reply: %s") % (reply.quotation or reply.note) for reply in replies]
        waiting = why_not_yet(entry, now)
        notices, unpublished = _notices(entry, now), _unpublished_replies(entry)
        return [*super().sample(request), *notices, *lines, *unpublished, *([waiting] if waiting else [])]

    def obstacle(self, request: Request, user: User) -> Any:
        entry = self.entry(request)
        if entry is None or not self.is_possible(entry):
            return self.nobody
        return why_not_yet(entry, timezone.now()) or None

    def hide(self, request: Request) -> None:
        """Mail the letter to the company if the organiser has chosen to."""
        if request.payload.get("notice"):
            Notice.objects.get(pk=request.payload["notice"]).send(timezone.now())

    def restore(self, request: Request) -> None:
        """Withdraw the letter if it hasn't been sent yet."""
        if request.payload.get("notice"):
            Message.objects.waiting().filter(kind=TO_COMPANY, object_id=request.payload["notice"]).delete()

    def act(self, request: Request) -> None:
        """Publish the claim. Raises NotPossibleError if it has been corrected since, or is waiting for something."""
        entry = self.possible(request)
        if waiting := why_not_yet(entry, timezone.now()):
            raise NotPossibleError(waiting)
        entry.brand.record(Kind.PUBLICATION, about=entry, request=request.pk)


@kind(DEADLINE)
class Deadline(AboutEntry):
    """The deadline of a commitment, twelve months after it was made."""

    label = gettext_lazy("Set the deadline for a commitment")
    warning = gettext_lazy(
        "The brand’s page counts the days. Thirty days before the deadline, you and the company get a message. If the "
        "company has sent no evidence by the deadline, its status becomes “Deadline passed; no evidence received”."
    )
    nobody = gettext_lazy(
        "Only a public commitment, in full or in part, can have a deadline, and only one. It must be at least "
        "thirty days ahead."
    )
    name = DEADLINE

    def is_possible(self, entry: Entry) -> bool:
        return may_get_deadline(entry, timezone.now())

    def sample(self, request: Request) -> list[str]:
        """Return the commitment and its deadline."""
        entry = self.entry(request)
        if entry is None:
            return []
        day = date_format(twelve_months_after(entry.happened_on), "j F Y")
        return [*super().sample(request), _("Deadline: %s") % day]

    def act(self, request: Request) -> None:
        """Record the deadline. Raises NotPossibleError if the commitment has been corrected since."""
        entry = self.possible(request)
        until = twelve_months_after(entry.happened_on)
        entry.brand.record(Kind.DEADLINE, about=entry, request=request.pk, until=until)


@kind(REDACT)
class Redaction(AboutEntry):
    """The removal of an entry's contents and its author. Its dates, its hash and the reason stay."""

    label = gettext_lazy("Redact a ledger entry")
    warning = gettext_lazy(
        "The entry’s text, evidence and author are removed, and cannot be recovered. Its dates, its hash and your "
        "reason are kept, and visitors can read the reason. If the entry is only wrong, make a correction instead."
    )
    nobody = gettext_lazy("This entry has already been redacted.")
    name = REDACT

    def is_possible(self, entry: Entry) -> bool:
        return entry.redacted_at is None and entry.kind in REDACTABLE

    def sample(self, request: Request) -> list[str]:
        """Return what the entry says, its file's name, and whether the file will be withdrawn too."""
        entry = self.entry(request)
        document = entry.document if entry else None
        if document is None:
            return super().sample(request)
        is_kept = len(uses_of(document)) > 1
        says = _("The file “%s” is kept, because something else uses it.") if is_kept else _("Also withdrawn: “%s”")
        return [*super().sample(request), says % document]

    def act(self, request: Request) -> None:
        """Redact the entry, and withdraw its file unless something else uses it."""
        entry = self.possible(request)
        document, now = entry.document, timezone.now()
        entry.redact(request.reason, request.pk, now)
        if document and not uses_of(document):
            document.withdraw(request.reason, now)
            erasures.record(erasures.Erasure(now, "file", document.key, erasures.NOBODY))
            record(None, Act.WITHDRAW_FILE, document, request=request.pk)


def _notices(entry: Entry, now: datetime) -> list[str]:
    """Return each letter about a claim, with how it reaches the company, and the proof of each delivery by hand."""
    lines = []
    for notice in entry.notices.select_related("brand").order_by("-made_at")[:MAX_LINES]:
        to = notice.recipients_domain
        how = _("Mailed to an address at %s:") % to if to else _("An organiser delivers this letter:")
        lines.append("\n\n".join([how, notice.subject, notice.text, fixed_part(notice, notice.made_at)]))
    for proof in Entry.objects.delivered_notices(now, entry.pk).filter(notice=None)[:MAX_LINES]:
        day = date_format(proof.happened_on, "j F Y")
        words = " · ".join(filter(None, [proof.note, proof.evidence_url, proof.document_hash]))
        lines.append(_("Delivered by an organiser on %(day)s: %(proof)s") % {"day": day, "proof": words})
    return lines


def _unpublished_replies(entry: Entry) -> list[str]:
    """Return replies that visitors don't see and that came after a claim, or after the first entry that it corrects."""
    since = Entry.objects.first_recorded([entry])[entry.pk]
    sent = CompanyReply.objects.filter(brand=entry.brand_id, entry=None, asked_at__gte=since)
    labels = {True: _("Refused reply: %s"), False: _("Reply waiting for you: %s")}
    return [labels[reply.decided_at is not None] % reply.words for reply in sent.order_by("asked_at")[:MAX_LINES]]


@kind(REFUSE_REPLY)
class RefusedReply(Approval):
    """The refusal of a company's reply, whose key is the subject. An undecided reply may hold up a claim."""

    label = gettext_lazy("Refuse a company’s reply")
    warning = gettext_lazy(
        "Visitors will never see the company’s reply. Refuse it only if the company can’t have written it, or "
        "if publishing it would break the law."
    )
    nobody = gettext_lazy("Another organiser has dealt with this in the meantime.")
    permission = "businesses.decide_entry"
    always_second = True
    counts_people = False

    def people(self, request: Request) -> int:
        """Return 1, or 0 if the reply is no longer waiting."""
        return CompanyReply.objects.waiting().filter(pk=request.subject).count()

    def settle(self, request: Request) -> int:
        """Return 1, or 0 if the reply is no longer waiting or another such request is waiting."""
        is_asked = ApprovalRequest.objects.open_about(REFUSE_REPLY, request.subject).exists()
        return 0 if is_asked else self.people(request)

    def sample(self, request: Request) -> list[str]:
        """Return the brand and the company's words."""
        replies = CompanyReply.objects.filter(pk=request.subject).select_related("brand")
        return [line for reply in replies for line in (reply.brand.title, reply.words)]

    def links(self, request: Request) -> list[tuple[Any, str]]:
        return [(_("Open the reply"), self.page(request))]

    def page(self, request: Request) -> str:
        return reverse("admin:businesses_companyreply_change", args=[request.subject])

    def obstacle(self, request: Request, user: User) -> Any:
        return None if self.people(request) else self.nobody

    def act(self, request: Request) -> None:
        """Refuse the reply. Raises NotPossibleError if it has been published or erased since."""
        reply = CompanyReply.objects.filter(pk=request.subject).first()
        if reply is None or not reply.refuse(timezone.now()):
            raise NotPossibleError(self.nobody)
