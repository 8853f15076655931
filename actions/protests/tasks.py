"""Tasks about protests, for the organisers' front page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.protests.models import Protest
from campaign.desk.tasks import Task, finds_tasks

MAX_TASKS = 20


@finds_tasks
def unconfirmed_protests() -> Iterator[Task]:
    """Yield a task for each published protest that no organiser has confirmed in the last eight weeks."""
    unconfirmed = Protest.objects.published().unconfirmed(timezone.localdate())
    for key, title in unconfirmed.values_list("pk", "title")[:MAX_TASKS]:
        text = _(
            "Confirm that “%(title)s” will take place. Until then, visitors are asked to check before they travel."
        )
        url = reverse("admin:protests_protest_change", args=[key]) + "#id_confirm"
        yield Task(text % {"title": title}, url, "protests.change_protest")
