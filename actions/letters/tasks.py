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
        text = _("Ask the person who looks after the server to import MPs: without them, letters go to nobody.")
        yield Task(text, reverse("admin:letters_recipient_changelist"), "letters.change_recipient", before_opening=True)
