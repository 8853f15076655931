"""Figures and shortcuts about protests on the organisers' desk."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actions.protests.models import Protest
from campaign.desk.registry import Figure, Group, Item, offer, shows
from campaign.text.times import time_in_words


@shows("protests.view_protest")
def next_protest(user: User) -> Iterator[Item]:
    """Yield the start of the next protest that visitors can see, in the local time of its place."""
    occasion = Protest.objects.published().next_date(timezone.now())
    if occasion is None:
        yield Figure(_("Next protest"), _("none"), reverse("admin:protests_protest_changelist"))
    else:
        url = reverse("admin:protests_protest_change", args=[occasion.protest.pk])
        short = f"{date_format(occasion.starts, 'D j M')}, {time_in_words(occasion.starts)}"
        yield Figure(_("Next protest"), short, url, occasion.protest.title)


offer(
    Group.EVENTS,
    (lazy("Cancel a protest date"), "protests_protest_changelist", "protests.change_protest"),
    (lazy("Add a protest"), "protests_protest_add", "protests.add_protest"),
    (lazy("Change a place"), "protests_place_changelist", "protests.change_place"),
)
