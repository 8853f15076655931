"""Tasks about communities, for the organisers' front page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import ngettext

from actions.communities.models import Community, Complaint, Report
from campaign.desk.tasks import Task, finds_tasks

MAX_COUNTED = 1000


@finds_tasks
def communities_waiting() -> Iterator[Task]:
    """Yield a task if communities are waiting for approval, with their number (up to 1,000)."""
    count = Community.objects.waiting().order_by()[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s community is waiting for approval.", "%(count)s communities are waiting for approval.", count
        )
        url = reverse("admin:communities_community_changelist") + "?state=waiting"
        yield Task(text % {"count": count}, url, "communities.change_community")


@finds_tasks
def reports_to_read() -> Iterator[Task]:
    """Yield a task if communities have reported what they did, with the number of unread reports (up to 1,000)."""
    count = Report.objects.unread().order_by()[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s report from a community to read.", "%(count)s reports from communities to read.", count
        )
        url = reverse("admin:communities_report_changelist") + "?state=open"
        yield Task(text % {"count": count}, url, "communities.change_report")


@finds_tasks
def complaints_open() -> Iterator[Task]:
    """Yield a task if somebody has complained about an entry, with the number yet to be answered (up to 1,000)."""
    count = Complaint.objects.waiting().order_by()[:MAX_COUNTED].count()
    if count:
        text = ngettext(
            "%(count)s complaint about a community’s entry is waiting.",
            "%(count)s complaints about communities’ entries are waiting.",
            count,
        )
        url = reverse("admin:communities_complaint_changelist") + "?state=open"
        yield Task(text % {"count": count}, url, "communities.change_complaint", urgent=True)
