"""The command for sites with only one organiser: somebody with access to the server acts as the second."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import ngettext

from campaign.approvals.models import ApprovalRequest


class Command(BaseCommand):
    """A command that lists the waiting requests, or approves a request."""

    help = "Approve a request that is waiting for a second organiser. Without a number, list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("request", type=int, nargs="?", help="the number of the request")
        parser.add_argument("--people", type=int, help="how many people it affects, to show that you have read it")

    def handle(self, *, request: int | None, people: int | None, **options: Any) -> None:
        waiting = ApprovalRequest.objects.waiting().select_related("asked_by")
        if request is None:
            for each in waiting:
                self.stdout.write(describe(each))
            return
        found = waiting.filter(pk=request).first()
        if found is None:
            raise CommandError(f"No request {request} is waiting for a second organiser.")
        if people != found.people:
            raise CommandError(f"{describe(found)}\nTo approve it, add --people {found.people}")
        found.approve(None, timezone.now())
        self.stdout.write(f"{describe(found)} ({found.get_state_display()})")


def describe(request: ApprovalRequest) -> str:
    """Return one line that gives the request, its author and the reason."""
    people = ngettext("%(count)s person", "%(count)s people", request.people) % {"count": request.people}
    return f"{request.pk}: {request}, {people}, requested by {request.asked_by}: {request.reason}"
