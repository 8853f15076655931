"""Checks of the steps taken towards a claim or a deadline. `EntryQuerySet` decides what visitors see."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actions.businesses.models.entry import Entry, twelve_months_after
from actions.businesses.models.kinds import CLAIMS, Kind, Level
from actions.businesses.models.notice import Notice
from actions.businesses.models.replies import CompanyReply

RANKS = {Level.NONE: 0, Level.TALKS: 1, Level.PARTIAL: 2, Level.FULL: 3}
LEAST_TIME_AHEAD = timedelta(days=30)
RANK_OF_KEPT = RANKS[Level.PARTIAL]  # the entry doesn't say how far the commitment went


def may_be_published(entry: Entry, now: datetime) -> bool:
    """Return whether organisers may ask at `now` (aware) to publish a claim, even if the company can still reply."""
    claims = Entry.objects.checked(now).uncorrected(now).filter(pk=entry.pk, kind__in=CLAIMS)
    has_evidence = bool(entry.evidence_url or entry.document_id)
    return claims.exists() and has_evidence and not is_published(entry, now) and _was_reminded(entry, now)


def is_published(entry: Entry, now: datetime) -> bool:
    """Return whether two organisers had published a claim by `now` (aware)."""
    return Entry.objects.steps(Kind.PUBLICATION, now, entry.pk).exists()


def why_not_yet(entry: Entry, now: datetime) -> str:
    """Return a sentence that says what a claim is waiting for at `now` (aware), or "" if it can be published.

    A notice must have reached the company, its time to reply must be over, and a reply sent in that time must be
    public. Later replies don't count, because otherwise a company could put the claim off for ever.
    """
    if ended := list(Entry.objects.ended_notices(now, entry.pk)):
        if not any(_reached_the_company(notice) for notice in ended):
            return _(
                "The letter went to an address that is no longer the company’s contact address, or isn’t at one of its "
                "domains. Write to the company again, or deliver the letter yourself."
            )
        last = max(notice.until for notice in ended if notice.until)
        unchecked = entry.brand.entries.replies_since(entry, now).filter(happened_on__lte=last).to_check(now)
        unread = CompanyReply.objects.waiting().filter(brand=entry.brand_id, asked_at__date__lte=last)
        if unchecked.exists() or unread.exists():
            return _("A reply from the company is waiting for a check. Visitors have to see it beside the claim.")
        return ""
    first = Entry.objects.delivered_notices(now, entry.pk).order_by("until").values_list("until", flat=True).first()
    if first is None:
        return _("No notice has been delivered to the company yet.")
    return _("The company can reply until the end of %(day)s.") % {"day": date_format(first, "j F Y")}


def may_get_deadline(entry: Entry, now: datetime) -> bool:
    """Return whether two organisers may set a deadline for a commitment at `now` (aware).

    The deadline is twelve months after the day on which the commitment was made, and at least thirty days ahead.
    """
    if twelve_months_after(entry.happened_on) < timezone.localdate(now) + LEAST_TIME_AHEAD:
        return False
    promises = Entry.objects.public(now).filter(
        pk=entry.pk, kind=Kind.COMMITMENT, level__in=[Level.PARTIAL, Level.FULL]
    )
    return promises.exists() and not Entry.objects.steps(Kind.DEADLINE, now, entry.pk).exists()


def lowers_commitment(entry: Entry, now: datetime) -> bool:
    """Return whether a commitment would replace the higher one that visitors see at `now` (aware).

    The higher one has to be retracted first, or a claim published: before a claim, the company gets notice and time to
    reply. The database refuses the check of such an entry (migration 0026).
    """
    shown = entry.brand.entries.deciding(now).first()
    if entry.kind != Kind.COMMITMENT or shown is None or shown.is_claim:
        return False
    replaces = entry.corrects_id == shown.pk or entry.happened_on >= shown.happened_on
    rank = RANK_OF_KEPT if shown.kind == Kind.KEPT else RANKS[Level(shown.level)]
    return replaces and RANKS[Level(entry.level)] < rank


def _was_reminded(entry: Entry, now: datetime) -> bool:
    """Return whether visitors see a reminder sent before a claim of "no answer"; True for any other claim."""
    if entry.kind != Kind.NO_ANSWER:
        return True
    reminders = entry.brand.entries.public(now).filter(kind=Kind.REMINDER, happened_on__lt=entry.happened_on)
    return reminders.exists()


def _reached_the_company(step: Entry) -> bool:
    """Return whether an organiser delivered a notice, with proof, or it was mailed to the company's own address."""
    if step.notice is None:
        return True
    notice = Notice.objects.select_related("brand").filter(pk=step.notice).first()
    return notice is not None and notice.went_to_the_company
