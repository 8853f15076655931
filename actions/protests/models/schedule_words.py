"""Schedules in words, such as "Every second Tuesday, 6pm to 7pm"."""

from typing import TYPE_CHECKING

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.text.times import day_in_words, listed, times_in_words

if TYPE_CHECKING:
    from actions.protests.models.schedule import Schedule

MAX_LISTED = 3


def in_words(schedule: "Schedule") -> str:
    """Return the rule and the times, such as "Sunday 6 December 2026, 4pm to 5pm" for a single date."""
    times = times_in_words(schedule.start_time, schedule.end_time)
    return _("%(days)s, %(times)s") % {"days": rule_in_words(schedule), "times": times}


def rule_in_words(schedule: "Schedule") -> str:
    """Return the rule, such as "Every Tuesday", "First Sunday of each month" or "Sunday 6 December 2026"."""
    if schedule.repeats == schedule.Repeats.DATES:
        return _dates(schedule)
    days = listed([str(WEEKDAYS.get(day, "?")) for day in schedule.weekdays])
    if schedule.repeats == schedule.Repeats.MONTHLY:
        return _monthly(schedule.ordinal) % {"day": days}
    return _weekly(schedule) % {"days": days, "weeks": schedule.every}


def _weekly(schedule: "Schedule") -> str:
    if schedule.every == 1:
        return _("Every day") if len(schedule.weekdays) == len(WEEKDAYS) else _("Every %(days)s")
    if schedule.every == 2:
        return _("Every second %(days)s")
    if schedule.every == 3:
        return _("Every third %(days)s")
    return ngettext("Every week on %(days)s", "Every %(weeks)s weeks on %(days)s", schedule.every)


def _monthly(ordinal: int) -> str:
    return {
        1: _("First %(day)s of each month"),
        2: _("Second %(day)s of each month"),
        3: _("Third %(day)s of each month"),
        4: _("Fourth %(day)s of each month"),
    }.get(ordinal, _("Last %(day)s of each month"))


def _dates(schedule: "Schedule") -> str:
    days = [day_in_words(day) for day in sorted(schedule.days)]
    if len(days) <= MAX_LISTED:
        return listed(days)
    return _("%(count)s dates from %(first)s to %(last)s") % {"count": len(days), "first": days[0], "last": days[-1]}
