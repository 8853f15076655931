"""Tasks about commitments, replies and complaints sent with the public forms."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from actions.businesses.models import CommitmentOffer, CompanyReply, Complaint
from campaign.desk.tasks import Task, finds_tasks

MAX_COUNTED = 100


@finds_tasks
def commitments_to_check() -> Iterator[Task]:
    """Yield one task if companies have sent commitments."""
    count = _waiting(CommitmentOffer)
    if count:
        text = ngettext(
            "A company has sent a commitment: check it.",
            "%(count)s companies have sent commitments: check them.",
            count,
        )
        yield Task(text % {"count": count}, _list("commitmentoffer"), "businesses.check_entry")


@finds_tasks
def replies_to_check() -> Iterator[Task]:
    """Yield one task if companies have replied."""
    count = _waiting(CompanyReply)
    if count:
        text = ngettext(
            "A company has replied: read and publish it.",
            "%(count)s replies from companies are waiting for you.",
            count,
        )
        yield Task(text % {"count": count}, _list("companyreply"), "businesses.check_entry")


@finds_tasks
def complaints_to_answer() -> Iterator[Task]:
    """Yield one urgent task if somebody has complained about an entry."""
    count = _waiting(Complaint)
    if count:
        text = ngettext(
            "Somebody says that an entry about a brand is wrong.",
            "%(count)s people say that an entry about a brand is wrong.",
            count,
        )
        yield Task(text % {"count": count}, _list("complaint"), "businesses.handle_complaint", urgent=True)


def _waiting(model: Any) -> int:
    return model.objects.waiting()[:MAX_COUNTED].count()


def _list(name: str) -> str:
    return reverse(f"admin:businesses_{name}_changelist") + "?waits=yes"
