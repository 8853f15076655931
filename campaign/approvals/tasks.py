"""The tasks about approvals on the desk."""

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import ngettext

from campaign.approvals.kinds import KINDS
from campaign.approvals.models import ApprovalRequest
from campaign.desk.tasks import Task, finds_tasks

MAX_COUNTED = 1000


@finds_tasks
def open_requests() -> Iterator[Task]:
    """Yield tasks for the requests that need a second organiser, and for those that can still be undone."""
    found = ApprovalRequest.objects.submitted().values_list("state", "kind")[:MAX_COUNTED]
    counted = Counter((state, KINDS[kind].permission) for state, kind in found)
    url = reverse("admin:approvals_approvalrequest_changelist")
    for (state, permission), count in sorted(counted.items()):
        yield Task(_text(state, count), f"{url}?state__exact={state}", permission, urgent=state == "waiting")


def _text(state: str, count: int) -> str:
    waiting = ngettext(
        "%(count)s request needs a second organiser.", "%(count)s requests need a second organiser.", count
    )
    agreed = ngettext(
        "%(count)s approved request has not taken effect yet. You can still undo it.",
        "%(count)s approved requests have not taken effect yet. You can still undo them.",
        count,
    )
    return (waiting if state == "waiting" else agreed) % {"count": count}
