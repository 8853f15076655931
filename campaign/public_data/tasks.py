"""The tasks about public data on the desk."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaign.desk.tasks import Button, Task, finds_tasks
from campaign.public_data.models import DataUpdate
from campaign.public_data.sources import SOURCES

PERMISSION = "public_data.update_data"


@finds_tasks
def missing() -> Iterator[Task]:
    """Yield a task if the site has no postcodes or no MPs, with the button that fetches them."""
    labels = [str(source.label) for source in SOURCES.values() if source.is_missing()]
    if labels:
        text = _(
            "%(data)s are missing. Without postcodes, the site can’t find constituencies; without MPs, letters have "
            "no recipients."
        )
        url = reverse("admin:public_data_dataupdate_changelist")
        button = Button(_("Update postcodes and MPs"), reverse("admin:public_data_start"))
        yield Task(
            text % {"data": capfirst(_(" and ").join(labels))}, url, PERMISSION, before_opening=True, button=button
        )


@finds_tasks
def decisions_and_failures() -> Iterator[Task]:
    """Yield a task for each data set whose newest update waits for a decision, or has failed."""
    texts = {
        DataUpdate.State.HELD: _("An update of the %(data)s would lose more than usual. Decide whether it is right."),
        DataUpdate.State.FAILED: _("The last update of the %(data)s failed, and nothing was changed. See why."),
    }
    for update in DataUpdate.objects.newest():
        if update.state in texts:
            url = reverse("admin:public_data_dataupdate_change", args=[update.pk])
            yield Task(texts[DataUpdate.State(update.state)] % {"data": update.label}, url, PERMISSION)
