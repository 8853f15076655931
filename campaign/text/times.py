"""Days and times in words, as GOV.UK writes them: "Sunday 6 December 2026, 4pm" (its style guide, "Dates", "Times")."""

from datetime import date, datetime, time

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

MIDNIGHT, MIDDAY = time(0), time(12)


def time_in_words(moment: time | datetime) -> str:
    """Return "4pm", "6:30am", "midday" or "midnight", in the value's own time zone.

    Translations may use `%(hour24)s`, which has two digits, for the 24-hour clock.
    """
    clock = moment.time() if isinstance(moment, datetime) else moment
    if clock.replace(second=0, microsecond=0, tzinfo=None) == MIDNIGHT:
        return _("midnight")
    if clock.replace(second=0, microsecond=0, tzinfo=None) == MIDDAY:
        return _("midday")
    values = {"hour": clock.hour % 12 or 12, "minute": f"{clock.minute:02}", "hour24": f"{clock.hour:02}"}
    if clock.hour < 12:
        text = pgettext("morning", "%(hour)s:%(minute)sam") if clock.minute else pgettext("morning", "%(hour)sam")
    else:
        text = pgettext("afternoon", "%(hour)s:%(minute)spm") if clock.minute else pgettext("afternoon", "%(hour)spm")
    return text % values


def times_in_words(start: time | datetime, end: time | datetime) -> str:
    """Return a range such as "6pm to 7pm"."""
    return _("%(start)s to %(end)s") % {"start": time_in_words(start), "end": time_in_words(end)}


def span_in_words(starts: datetime, ends: datetime) -> str:
    """Return "Sunday 6 December 2026, 4pm to 5pm", or "…, 10pm to 1am", in the values' own time zones."""
    return _("%(day)s, %(time)s") % {"day": day_in_words(starts), "time": times_in_words(starts, ends)}


def day_in_words(day: date) -> str:
    """Return "Sunday 6 December 2026", in the value's own time zone."""
    return date_format(day, "l j F Y")


def moment_in_words(moment: datetime) -> str:
    """Return "Sunday 6 December 2026, 4pm", in the value's own time zone."""
    return _("%(day)s, %(time)s") % {"day": day_in_words(moment), "time": time_in_words(moment)}


def listed(items: list[str]) -> str:
    """Return "Tuesday", "Tuesday and Thursday" or "Monday, Tuesday and Thursday"."""
    if len(items) < 2:
        return "".join(items)
    return _("%(items)s and %(last)s") % {"items": ", ".join(items[:-1]), "last": items[-1]}
