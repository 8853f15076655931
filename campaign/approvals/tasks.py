"""What the desk shows about approvals."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import ngettext

from campaign.approvals.kinds import KINDS
from campaign.approvals.models import ApprovalRequest
from campaign.desk.tasks import Task, finds_tasks


@finds_tasks
def waiting() -> Iterator[Task]:
    """Yield a task for each permission needed by the requests waiting for a second organiser."""
    kinds = list(ApprovalRequest.objects.waiting().values_list("kind", flat=True)[:1000])
    rights = [KINDS[name].permission for name in kinds]
    url = reverse("admin:approvals_approvalrequest_changelist") + "?state__exact=waiting"
    for right in sorted(set(rights)):
        count = rights.count(right)
        text = ngettext(
            "%(count)s request needs a second organiser.", "%(count)s requests need a second organiser.", count
        )
        yield Task(text % {"count": count}, url, right, urgent=True)
