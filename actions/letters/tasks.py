"""What the desk shows about members of Parliament before the site is opened."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from actions.letters.recipients import Recipient
from campaign.desk.tasks import Task, finds_tasks


@finds_tasks
def recipients() -> Iterator[Task]:
    """Yield a task if no members of Parliament have been imported."""
    if not Recipient.objects.exists():
        text = _("Ask your operator to import the members of Parliament: without them, letters are to nobody.")
        yield Task(text, reverse("admin:letters_recipient_changelist"), "letters.change_recipient", before_opening=True)
