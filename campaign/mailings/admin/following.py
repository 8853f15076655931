"""The page that shows a mailing's progress. It replaces the form once the mailing has been submitted."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.approvals.models import ApprovalRequest
from campaign.editing.base import name_of
from campaign.mail.explanations import explain
from campaign.mailings.admin.sending import SendingAdmin
from campaign.mailings.approvals import MAY_SEND, RESUME, SEND, audience_in_words
from campaign.mailings.models import Mailing
from campaign.tags.counts import signatures_by_tag

# The period over which the speed is measured.
LATELY = timedelta(minutes=2)


@dataclass(frozen=True)
class Progress:
    """The progress of a mailing. `mailing` is its row, not the version that is sent."""

    mailing: Mailing

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Return the mailing’s statistics."""
        return self.mailing.statistics()

    @property
    def people(self) -> int:
        """Return the number of people in its audience, or 0 until the site has collected them."""
        return self.numbers["people"]

    @property
    def waiting(self) -> int:
        """Return the number of people who are still waiting for it."""
        return self.numbers["queued"] + self.numbers["claimed"]

    @property
    def done(self) -> int:
        """Return the number of people who have got it or won't get it."""
        return self.people - self.waiting

    @cached_property
    def per_minute(self) -> int:
        """Return the number of messages sent per minute in the last two minutes."""
        lately = self.mailing.deliveries.filter(done_at__gt=Now() - LATELY, state="sent")
        return round(lately.count() / (LATELY / timedelta(minutes=1)))

    @property
    def time_left(self) -> str:
        """Return a sentence: how long the rest will take at the present speed, or that it can't be estimated."""
        if not self.per_minute:
            return _("We can’t say how long the rest will take, because nothing has been sent in the last two minutes.")
        minutes = max(round(self.waiting / self.per_minute), 1)
        if minutes < 120:
            words = ngettext(
                "At this rate, the rest will take about %(count)s minute.",
                "At this rate, the rest will take about %(count)s minutes.",
                minutes,
            )
            return words % {"count": minutes}
        return _("At this rate, the rest will take about %(count)s hours.") % {"count": round(minutes / 60)}

    @property
    def lines(self) -> list[tuple[Any, int]]:
        """Return the label of each outcome, with the number of people."""
        stopped = self.mailing.state == Mailing.State.STOPPED
        labels = {
            "sent": _("Sent: the mail server accepted it"),
            "queued": _("Not sent, because the mailing was stopped") if stopped else _("Waiting"),
            "refused": _("Refused by the mail server"),
            "unknown": _("Unknown"),
            "skipped": _("Left out, because they no longer wanted it"),
            "bounced": _("Sent, but came back: the address doesn’t exist"),
            "bounced_soft": _("Sent, but came back for a reason that may be temporary, such as a full mailbox"),
            "spam": _("Marked as spam by the reader"),
            "unsubscribed": _("Unsubscribed through this message"),
        }
        return [(label, self.numbers.get(name, 0)) for name, label in labels.items()]


class FollowingAdmin(SendingAdmin):
    """The page of a mailing that has been submitted."""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the form of a draft. For any other mailing, show its progress, even if a form is posted."""
        row = self.get_object(request, object_id)
        if row is None or row.is_editable:
            return super().change_view(request, object_id, form_url, extra_context)
        row = self.found(request, object_id)
        if request.method == "POST":
            self.message_user(
                request, _("This mailing has been submitted, so you can’t change it. Nothing was saved."), "WARNING"
            )
        return self._progress(request, row)

    def _progress(self, request: HttpRequest, row: Mailing) -> HttpResponse:
        sent = row.as_sent()
        open_requests = ApprovalRequest.objects.filter(kind__in=[SEND, RESUME], subject=str(row.pk), state="waiting")
        asked = open_requests.first()
        context = self.page(request, row, _("Progress: %(title)s") % {"title": name_of(sent)}) | {
            **{"mailing": row, "sent": sent, "progress": Progress(row), "audience": audience_in_words(sent)},
            "signatures": signatures_by_tag([sent.tag.pk]).get(sent.tag.pk, 0) if sent.tag else None,
            "request_url": reverse("admin:approvals_approvalrequest_change", args=[asked.pk]) if asked else "",
            "steps": steps_for(row) if request.user.has_perm(MAY_SEND) else [],
            "may_copy": self.has_add_permission(request),
            "problem": explain(row.problem),
            "now": timezone.now(),
        }
        return render(request, "admin/mailings/progress.html", context)


def steps_for(mailing: Mailing) -> list[tuple[str, str]]:
    """Return the steps that the state allows, each with the text of its button."""
    state, found = Mailing.State, list[tuple[str, str]]()
    if mailing.state == state.SCHEDULED:
        found.append(("withdraw", _("Call it off")))
    if mailing.state == state.SENDING:
        found.append(("pause", _("Pause")))
    if mailing.state == state.PAUSED:
        found.append(("resume", _("Resume")))
    if mailing.state == state.HALTED:
        found.append(("resume", _("Ask to resume…")))
    if mailing.state in (state.FILLING, state.SENDING, state.PAUSED, state.HALTED):
        found.append(("stop", _("Stop for good…")))
    return found
