"""The timeline of a pledge: the round numbers that it has reached, and the milestones that organisers recorded."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Min, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from pledges.models import Milestone, Pledge

ROUND_NUMBERS = tuple(10**power for power in range(2, 9))
MAX_SHOWN = 50


@dataclass(frozen=True)
class Moment:
    """One milestone: its day, its title and, unless the site added it, what organisers wrote about it."""

    day: date
    title: Any
    milestone: Milestone | None = None


def timeline(pledge: Pledge) -> list[Moment]:
    """Return the milestones of a pledge loaded `with_count`, newest first. It takes up to two queries."""
    written = [one for one in pledge.milestones.all() if one.day][:MAX_SHOWN]
    if any(one.picture_id for one in written):
        prefetch_related_objects(written, "picture")
    moments = [Moment(one.day, one.title, one) for one in written]
    return sorted([*moments, *_reached(pledge)], key=lambda moment: moment.day, reverse=True)


def _reached(pledge: Pledge) -> list[Moment]:
    """Return a moment for each round number that has been reached, on the first day that ended at or above it.

    The days come from the ledger, so a number that is reached today appears tomorrow.
    """
    reached = [number for number in ROUND_NUMBERS if number <= pledge.count]
    if not reached:
        return []
    days = pledge.ledger.aggregate(**{f"n{number}": Min("day", filter=Q(count__gte=number)) for number in reached})
    title = _("%(shown)s signatures")
    moments = [(days[f"n{number}"], title % {"shown": intcomma(number)}) for number in reached]
    return [Moment(day, words) for day, words in moments if day]
