"""Tasks about pledges on the organisers' desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.desk.tasks import Task, finds_tasks
from pledges.approvals.closing import ERASE_SIGNERS, ErasureKind
from pledges.models import LostMailbox, Pledge, Reason, Signature

MAX_COUNTED = 1000
NOTICE = timedelta(days=14)


@finds_tasks
def signatures_held() -> Iterator[Task]:
    """Yield a task if signatures are held for review, with their number (up to 1,000) and the date of the oldest."""
    held = Signature.objects.filter(state=Signature.State.HELD_FOR_REVIEW).order_by("confirmed_at")[: MAX_COUNTED + 1]
    totals = held.aggregate(count=Count("pk"), oldest=Min("confirmed_at"))
    if not totals["count"]:
        return
    text = ngettext(
        "%(count)s signature is held for review.", "%(count)s signatures are held for review.", totals["count"]
    )
    text %= {"count": totals["count"]}
    if totals["count"] > MAX_COUNTED:
        text = _("More than 1,000 signatures are held for review.")
    if totals["oldest"]:
        day = date_format(timezone.localdate(totals["oldest"]), "j F Y")
        text = f"{text} {_('The oldest was confirmed on %(day)s.') % {'day': day}}"
    url = reverse("admin:pledges_signature_changelist") + "?state__exact=held"
    yield Task(text, url, "pledges.change_signature")


@finds_tasks
def lost_mailboxes() -> Iterator[Task]:
    """Yield a task if people who have lost their mailbox are waiting, with their number (up to 1,000)."""
    count = LostMailbox.objects.unanswered().order_by()[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s person who has lost their mailbox wants to withdraw.",
            "%(count)s people who have lost their mailbox want to withdraw.",
            count,
        )
        url = reverse("admin:pledges_lostmailbox_changelist")
        yield Task(text % {"count": count}, url, "pledges.handle_lostmailbox")


@finds_tasks
def reasons_waiting() -> Iterator[Task]:
    """Yield a task, with their number (up to 1,000), if reasons for signing are waiting to be read."""
    count = Reason.objects.waiting().order_by()[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s reason for signing is waiting to be read.",
            "%(count)s reasons for signing are waiting to be read.",
            count,
        )
        yield Task(text % {"count": count}, reverse("admin:pledges_reason_changelist"), "pledges.change_reason")


@finds_tasks
def erasures_due() -> Iterator[Task]:
    """Yield a task for each closed pledge whose signers must be erased within 14 days, unless that is requested."""
    now = timezone.now()
    closed_before = now + NOTICE - timedelta(days=settings.KEEP_AFTER_CLOSE_DAYS)
    for pledge in Pledge.objects.awaiting_erasure(closed_before, ERASE_SIGNERS):
        due = pledge.erasure_due_at or now
        text = _(
            "The names and addresses of everybody who signed “%(title)s” are due to be erased on %(day)s. "
            "Two organisers must agree."
        )
        values = {"title": pledge.title, "day": date_format(timezone.localtime(due), "j F Y")}
        url = reverse("admin:pledges_pledge_change", args=[pledge.pk])
        yield Task(text % values, url, ErasureKind.permission, urgent=due <= now)
