"""Tasks about the brands' ledger on the organisers' desk."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions.businesses.models import Endorsement, Entry
from actions.businesses.notices.clock import NOTICE_BEFORE
from campaign.desk.tasks import Task, finds_tasks

MAX_COUNTED = 100
MAX_SHOWN = 5


@finds_tasks
def entries_to_check() -> Iterator[Task]:
    """Yield one task if entries are waiting for another organiser."""
    count = Entry.objects.to_check(timezone.now())[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s entry about a brand is waiting for another organiser to check it.",
            "%(count)s entries about brands are waiting for another organiser to check them.",
            count,
        )
        url = reverse("admin:businesses_entry_changelist") + "?waits=check"
        yield Task(text % {"count": count}, url, "businesses.check_entry")


@finds_tasks
def windows_that_have_ended() -> Iterator[Task]:
    """Yield one task if the time to reply has ended for claims that aren't published yet."""
    count = Entry.objects.to_publish(timezone.now())[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "A company’s time to reply has run out: decide whether to publish the claim.",
            "For %(count)s companies, the time to reply has run out: decide whether to publish the claims.",
            count,
        )
        url = reverse("admin:businesses_entry_changelist") + "?waits=publication"
        yield Task(text % {"count": count}, url, "businesses.decide_entry")


@finds_tasks
def deadlines_coming() -> Iterator[Task]:
    """Yield a task for each of at most five commitments whose deadline is within thirty days."""
    now = timezone.now()
    for entry in Entry.objects.deadlines_until(timezone.localdate(now) + NOTICE_BEFORE, now)[:MAX_SHOWN]:
        text = _("The deadline for %(brand)s’s commitment is %(day)s.")
        if not entry.is_noticed:
            text = _("The deadline for %(brand)s’s commitment is %(day)s, and no notice of it has been delivered.")
        url = reverse("admin:businesses_entry_change", args=[entry.pk])
        words = {"brand": entry.brand.title, "day": date_format(entry.deadline, "j F Y")}
        yield Task(text % words, url, "businesses.view_entry", urgent=not entry.is_noticed)


@finds_tasks
def endorsements_to_check() -> Iterator[Task]:
    """Yield one task if endorsements are waiting for a check."""
    count = Endorsement.objects.to_check()[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s organisation endorses the call to businesses: check that it does.",
            "%(count)s organisations endorse the call to businesses: check that they do.",
            count,
        )
        url = reverse("admin:businesses_endorsement_changelist") + "?checked=no"
        yield Task(text % {"count": count}, url, "businesses.check_endorsement")
