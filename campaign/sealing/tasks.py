"""A task on the desk while the key for sealed names has not been tested."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.desk.tasks import Task, finds_tasks
from campaign.sealing.models import key_in_use


@finds_tasks
def untested_key() -> Iterator[Task]:
    """Yield a task if the site has a key to which it may not seal names yet."""
    if settings.SEALING_KEY and key_in_use() is None:
        text = _("Test the key for sealed names. Until somebody has opened the test with it, no name is sealed.")
        yield Task(text, reverse("admin:sealing_restoretest_changelist"), "sealing.test_key", urgent=True)
