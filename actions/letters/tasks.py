"""Set-up tasks about MPs, for the organisers' front page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from actions.letters.recipients import Recipient
from campaign.desk.tasks import Task, finds_tasks


@finds_tasks
def recipients() -> Iterator[Task]:
    """Yield a task if no MPs have been imported."""
    if not Recipient.objects.exists():
        text = _("Ask the person who looks after the server to import MPs. Until then, letters have no recipients.")
        yield Task(text, reverse("admin:letters_recipient_changelist"), "letters.change_recipient", before_opening=True)
