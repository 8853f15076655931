"""The part of a protest's page that invites people to say that they are coming."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from actions.protests.models import AttendeeCount, Occasion, Protest, read_each

MAX_DATES = 5


@dataclass(frozen=True)
class Invitation:
    """The dates that people can choose, in order, and the published count for each regular date that has one."""

    occasions: list[Occasion]
    more_than: dict[date, int]
    url: str

    @property
    def next_count(self) -> int:
        """Return the published count for the next date: 20 for "more than 20", or 0 if there is none yet."""
        return self.more_than.get(self.occasions[0].on, 0)


def invitation(protest: Protest, now: datetime) -> Invitation | None:
    """Return the invitation at `now` (aware), or None if people can't say that they are coming."""
    if not protest.takes_names:
        return None
    read = read_each([protest], lambda protest: protest.dates(now, MAX_DATES))
    coming = [one for _protest, dates in read for one in dates if not one.cancelled and one.starts > now]
    if not coming:
        return None
    counts = AttendeeCount.objects.filter(protest=protest.pk, on__in=[one.on for one in coming], shown__gt=0)
    url = reverse("protests:coming", args=[protest.slug])
    return Invitation(coming, dict(counts.values_list("on", "shown")), url)
