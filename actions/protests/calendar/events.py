"""A protest's events: one for each series, and one for each single or changed date.

A changed date is left out of its series (EXDATE) and has an event with its own UID, instead of RECURRENCE-ID, because
some calendars ignore that and show both dates.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from icalendar import Event

from actions.protests.calendar.timezones import DAYS
from actions.protests.models import CONFIRMED_FOR, Occasion, Place, Protest, Schedule
from actions.protests.models.occasion import length

# How long a cancelled date stays in the calendar, so that every calendar program has fetched it by then.
CANCELLED_FOR = timedelta(days=31)
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def events_of(protest: Protest, today: date) -> list[Event]:
    """Return a protest's events, leaving out cancelled dates that are long past by `today`."""
    alone = {change.on: protest.occasion(change.on) for change in protest.changes.all()}
    changed = {on: occasion for on, occasion in alone.items() if occasion}
    events, singles = [], dict(changed)
    for schedule, last in protest.periods():
        days = schedule.regular_days(schedule.first_on)
        if schedule.repeats == Schedule.Repeats.DATES:
            singles |= {
                day: changed.get(day) or found
                for day in days
                if (last is None or day <= last) and (found := protest.occasion(day))
            }
        elif (first := next(days, None)) and (last is None or first <= last):
            left_out = [on for on in changed if first <= on and (last is None or on <= last)]
            events.append(_series(protest, schedule, first, last, left_out))
    return events + [_single(one) for _on, one in sorted(singles.items()) if not _is_over(one, today)]


def _is_over(occasion: Occasion, today: date) -> bool:
    return occasion.cancelled and occasion.on < today - CANCELLED_FOR


def _series(protest: Protest, schedule: Schedule, first: date, last: date | None, left_out: list[date]) -> Event:
    event = _event(protest, schedule.place, str(schedule.uid))
    event.add("summary", _one_line(protest.title))
    # Local time, even if the clocks skip it on the first day, because later dates start at the scheduled time.
    starts = datetime.combine(first, schedule.start_time, protest.zone)
    event.add("dtstart", starts)
    event.add("dtend", starts + length(schedule.start_time, schedule.end_time))
    event.add("rrule", _rule(schedule) | ({"until": _last_moment(last, protest)} if last else {}))
    for on in left_out:
        event.add("exdate", datetime.combine(on, schedule.start_time, protest.zone))
    event.add("status", "CONFIRMED")
    return _with_description(event, protest.assurance, protest)


def _rule(schedule: Schedule) -> dict[str, Any]:
    if schedule.repeats == Schedule.Repeats.MONTHLY:
        return {"freq": "monthly", "byday": f"{schedule.ordinal}{DAYS[schedule.weekdays[0]]}"}
    rule: dict[str, Any] = {"freq": "weekly", "byday": [DAYS[day] for day in schedule.weekdays]}
    # Without WKST, some calendars start the week on Sunday, and then count the weeks differently.
    return rule | ({"interval": schedule.every, "wkst": "MO"} if schedule.every > 1 else {})


def _single(occasion: Occasion) -> Event:
    protest = occasion.protest
    event = _event(protest, occasion.place, f"{protest.uid}-{occasion.on:%Y%m%d}")
    title = _("Cancelled: %(title)s") % {"title": protest.title} if occasion.cancelled else protest.title
    event.add("summary", _one_line(title))
    event.add("dtstart", occasion.starts)
    event.add("dtend", occasion.ends)
    event.add("status", "CANCELLED" if occasion.cancelled else "CONFIRMED")
    if occasion.cancelled:
        event.add("transp", "TRANSPARENT")  # the organiser's time is free again
    if occasion.note:
        event.add("comment", _one_line(occasion.note))
    return _with_description(event, f"{occasion.note} {'' if occasion.cancelled else protest.assurance}", protest)


def _event(protest: Protest, place: Place, uid: str) -> Event:
    event, changed = Event(), changed_at(protest, place)
    event.add("uid", uid)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    # It only has to increase with every change (RFC 5545, 3.8.7.4), as the time of the last change does.
    event.add("sequence", max(0, int((changed - EPOCH).total_seconds())))
    event.add("location", _one_line(place.in_one_line))
    if place.latitude is not None and place.longitude is not None:
        event.add("geo", (float(place.latitude), float(place.longitude)))
    event.add("url", settings.SITE_URL + protest.get_absolute_url())
    return event


def changed_at(protest: Protest, place: Place) -> datetime:
    """Return when anything shown in an event last changed, in UTC. The expiry of a confirmation is also a change."""
    moments = [protest.updated_at, place.updated_at]
    if protest.confirmed_on and not protest.is_confirmed:
        moments.append(datetime.combine(protest.confirmed_on + CONFIRMED_FOR, time.min, UTC))
    return max(moments).astimezone(UTC)


def _with_description(event: Event, advice: str, protest: Protest) -> Event:
    if text := _one_line(f"{advice} {strip_tags(protest.summary)}"):
        event.add("description", text)
    return event


def _one_line(text: str) -> str:
    """Return text as a single line. Calendars would treat a lone carriage return as the end of the line."""
    return " ".join(text.split())


def _last_moment(day: date, protest: Protest) -> datetime:
    """Return the last second of a day in UTC. RFC 5545, 3.3.10 requires UNTIL in UTC if the start has a time zone.

    With the midnight at the end of the day instead, a protest that starts at midnight would get an extra date.
    """
    return datetime.combine(day, time(23, 59, 59), protest.zone).astimezone(UTC)
