"""A task, on the desk and in the daily message, while public names are hidden."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.desk.tasks import Task, finds_tasks
from campaign.public_names.approvals import ShowingNames, in_words
from campaign.public_names.models import Hiding


@finds_tasks
def hidden_names() -> Iterator[Task]:
    """Yield an urgent task while all public names are hidden, which says since when and why."""
    for hiding in Hiding.objects.current():
        text = _("All public names have been hidden since %(since_and_why)s.") % {"since_and_why": in_words(hiding)}
        yield Task(text, reverse("admin:public_names_hiding_changelist"), ShowingNames.permission, urgent=True)
