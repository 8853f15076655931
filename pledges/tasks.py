"""What the desk shows of pledges."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.desk.tasks import Task, finds_tasks
from pledges.approvals.closing import ERASE_SIGNERS
from pledges.models import Pledge

ANNOUNCE = timedelta(days=14)


@finds_tasks
def erasures_due() -> Iterator[Task]:
    """Find the closed pledges whose signers are to be erased within 14 days, and nobody has asked for it yet."""
    now = timezone.now()
    closed_before = now + ANNOUNCE - timedelta(days=settings.KEEP_AFTER_CLOSE_DAYS)
    for pledge in Pledge.objects.erasure_wanted(closed_before, ERASE_SIGNERS):
        due = pledge.erasure_due_at or now
        text = _(
            "The names and addresses of everybody who signed “%(title)s” are to be erased on %(day)s. "
            "Two organisers have to agree."
        )
        values = {"title": pledge.title, "day": date_format(timezone.localtime(due), "j F Y")}
        url = reverse("admin:pledges_pledge_change", args=[pledge.pk])
        yield Task(text % values, url, "pledges.change_pledge", urgent=due <= now)
