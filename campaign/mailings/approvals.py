"""Requests about mailings that need a second organiser: to send one, and to resume one that the site has halted."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.approvals.kinds import Kind, NotPossibleError, Request, kind
from campaign.editing.conflicts import edition_of
from campaign.mailings.models import Mailing
from campaign.mailings.sources import audiences, count
from campaign.versions.problems import problems

SEND, RESUME = "mailings.send", "mailings.resume"
MAY_SEND = "mailings.send_mailing"
# A mailing never starts at once. Until it does, both organisers can still stop it.
MIN_WAIT = timedelta(minutes=5)
# By how much the number of people may have grown when the second organiser approves.
MAX_GROWTH = 1.1
MAX_MORE = 10


def audience_in_words(mailing: Mailing) -> str:
    """Return the audience of a mailing, such as "Everybody who asked for news, only in Wales"."""
    label = str(dict(audiences()).get(mailing.audience, _("a group that no longer exists")))
    if mailing.constituency:
        return _("%(audience)s, only in %(place)s") % {"audience": label, "place": mailing.constituency}
    if mailing.region:
        return _("%(audience)s, only in %(place)s") % {"audience": label, "place": mailing.get_region_display()}
    return label


class AboutMailing(Kind):
    """A request whose subject is the key of a mailing."""

    permission = MAY_SEND
    delay = timedelta(0)
    always_second = True
    lists_people = False

    def page(self, request: Request) -> str:
        mailing = _mailing(request)
        return _address(mailing, "change") if mailing else reverse("admin:mailings_mailing_changelist")

    def links(self, request: Request) -> list[tuple[Any, str]]:
        mailing = _mailing(request)
        if mailing is None:
            return []
        return [
            (_("Read the exact message"), _address(mailing, "preview")),
            (_("Open the mailing"), _address(mailing, "change")),
        ]


@kind(SEND)
class Sending(AboutMailing):
    """Sending a mailing. Submitting the request freezes the version that is sent.

    The payload contains the planned time, the number of people and the edition of the draft. The number was counted
    when the organiser pressed *Send…*, and organisers have to type it. Some people may unsubscribe before it is
    sent, so fewer get it. If many more people would get it, the request must be made again.
    """

    label = gettext_lazy("Ask for approval to send")
    warning = gettext_lazy(
        "You can’t call a message back once it has been sent, so read it first. Sending starts five minutes after "
        "approval at the earliest. You can stop it until then, and while it is being sent."
    )
    nobody = gettext_lazy(
        "Nobody would get it, or the draft has changed. Go back to the mailing, and press “Send…” again."
    )

    def people(self, request: Request) -> int:
        """Return the number counted for the request or, once it waits for approval, how many would get it now."""
        mailing = _mailing(request)
        if mailing is None:
            return 0
        return _people_now(request, mailing) if request.people else _counted_if_unchanged(request, mailing)

    def settle(self, request: Request) -> int:
        mailing = _mailing(request, lock=True)
        return _counted_if_unchanged(request, mailing) if mailing else 0

    def sample(self, request: Request) -> list[str]:
        """Return the subject, the audience and the time, but no names."""
        mailing = _mailing(request)
        if mailing is None:
            return []
        sent = mailing.as_sent()
        begins = _planned(request)
        when = _in_words(begins) if begins else _("five minutes after the approval")
        return [
            _("Subject: %s") % sent.subject,
            _("Who gets it: %s") % audience_in_words(sent),
            _("When: %s") % when,
        ]

    def hide(self, request: Request) -> None:
        """Freeze the version that is sent. From now on, the mailing can't be changed."""
        mailing = _mailing(request)
        if mailing and mailing.submit(request.asked_by):
            request.payload["version"] = mailing.version

    def restore(self, request: Request) -> None:
        mailing = _mailing(request, lock=True)
        if mailing and _is_about(request, mailing):
            mailing.withdraw(None)

    def obstacle(self, request: Request, user: User) -> Any:
        """Return why it can't be approved, such as that many more people would get it, or None if it can."""
        mailing = _mailing(request)
        if mailing is None or not _is_about(request, mailing):
            return _gone()
        now = _people_now(request, mailing)
        if now > max(request.people * MAX_GROWTH, request.people + MAX_MORE):
            more = _("%(now)s people would get it now, not %(then)s. Refuse this request, and ask again.")
            return more % {"now": now, "then": request.people}
        return None

    def act(self, request: Request) -> None:
        """Plan the mailing for the time in the request, or for five minutes from now if that is later."""
        earliest = timezone.now() + MIN_WAIT
        mailing = _mailing(request, lock=True)
        is_possible = mailing is not None and _is_about(request, mailing)
        begins = max(_planned(request) or earliest, earliest)
        if mailing is None or not is_possible or not mailing.schedule(request.asked_by, begins):
            raise NotPossibleError(_gone())


@kind(RESUME)
class Resuming(AboutMailing):
    """Resuming a mailing that the site halted, because too many people marked it as spam or too many bounced."""

    label = gettext_lazy("Ask for approval to resume")
    warning = gettext_lazy(
        "The site halted this mailing to protect the campaign’s other mail. If it continues regardless, large mail "
        "services may refuse everything that we send, even confirmations of signatures. Resume it only if you know "
        "what went wrong and have put it right."
    )
    nobody = gettext_lazy("The mailing is no longer halted.")
    counts_people = False

    def people(self, request: Request) -> int:
        """Return 1 while the mailing is halted, else 0."""
        mailing = _mailing(request)
        return int(mailing is not None and mailing.state == Mailing.State.HALTED)

    def sample(self, request: Request) -> list[str]:
        """Return the subject, why it was halted, and how many people are still waiting for it."""
        mailing = _mailing(request)
        if mailing is None:
            return []
        waiting = mailing.statistics()["queued"]
        lines = [_("Subject: %s") % mailing.as_sent().subject, _("Still to be sent: %s") % waiting]
        return [*lines, _("Halted because: %s") % mailing.get_halted_because_display()]

    def act(self, request: Request) -> None:
        mailing = _mailing(request, lock=True)
        is_halted = mailing is not None and mailing.state == Mailing.State.HALTED
        if mailing is None or not is_halted or not mailing.resume(request.asked_by):
            raise NotPossibleError(_gone())


def _mailing(request: Request, *, lock: bool = False) -> Mailing | None:
    rows = Mailing.objects.filter(pk=request.subject)
    return (rows.select_for_update(no_key=True, of=("self",)) if lock else rows.select_related("constituency")).first()


def _is_about(request: Request, mailing: Mailing) -> bool:
    """Return whether the mailing is still waiting for this request, with the version that the request froze.

    A mailing restored from a backup is a draft again. An old request mustn't approve what is submitted next.
    """
    return mailing.state == Mailing.State.WAITING and mailing.version == request.payload.get("version")


def _people_now(request: Any, mailing: Mailing) -> int:
    """Return how many people would get it now. Counting is slow, so the number is kept on the object."""
    if not hasattr(request, "people_now"):
        request.people_now = count(mailing.as_sent())
    return request.people_now


def _counted_if_unchanged(request: Request, mailing: Mailing) -> int:
    """Return the number counted for the request, or 0 if the draft has changed since or can't be sent."""
    unchanged = mailing.is_editable and edition_of(mailing) == request.payload["edition"]
    return request.payload["people"] if unchanged and not problems(mailing) else 0


def _planned(request: Request) -> datetime | None:
    return parse_datetime(request.payload["send_at"]) if request.payload["send_at"] else None


def _in_words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def _gone() -> str:
    return _("The mailing has been deleted, or is no longer waiting for approval.")


def _address(mailing: Mailing, name: str) -> str:
    return reverse(f"admin:mailings_mailing_{name}", args=[mailing.pk])
