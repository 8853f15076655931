"""Tasks about protests, for the organisers' front page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions.protests.models import Protest, read_each
from actions.protests.undecided import ASKED, undecided
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


@finds_tasks
def undecided_clashes() -> Iterator[Task]:
    """Yield a task for each published protest with undecided clashes in the next eight weeks."""
    now, today = timezone.now(), timezone.localdate()
    protests = Protest.objects.published().held_between(today, today + ASKED).with_dates_to_come(now)[:MAX_TASKS]
    for protest, found in read_each(protests, lambda protest: list(undecided(protest, now, ASKED))):
        if found:
            occasion, clashes = found[0]
            values = {"count": len(found), "title": protest.title, "day": occasion, "name": clashes[0].name}
            url = reverse("admin:protests_protest_change", args=[protest.pk]) + "#clashes"
            yield Task(text_of(len(found)) % values, url, "protests.change_protest")


def text_of(count: int) -> str:
    """Return the text of a task about `count` dates of a protest, with placeholders for the values."""
    return ngettext(
        "“%(title)s” on %(day)s clashes with %(name)s: cancel that date or keep it.",
        "%(count)s dates of “%(title)s” clash, the first on %(day)s with %(name)s: cancel them or keep them.",
        count,
    )
