"""Queuing messages to attendees: reminders, and news of changed dates.

Saving a change queues nothing. Instead, a worker regularly compares each date with what was last announced about it. So
it makes no difference what changed the date: a row in the form, a new schedule, another time zone, a correction to a
place, or taking the protest off the site. Saving is just as fast, however many people are coming.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from actions.protests.models import Arrangement, Attendee, Occasion, Protest, read_each
from actions.protests.models.attendee import AttendeeQuerySet, reminder_at
from campaign.mail.models import Message
from campaign.periodic import runs_regularly

NEWS = "protests.coming.news"
REMINDER = "protests.coming.reminder"
# How long an organiser has to undo a slip before the messages go out.
TIME_TO_UNDO = timedelta(minutes=1)
# Reminders are due at most this long before a date ends.
SOON = timedelta(days=3)
BATCH = 1000


@runs_regularly
def queue_news(now: datetime) -> int:
    """Queue the news for the attendees of each date that has changed by `now` (aware); return their number.

    The text is written when the message is sent, so it is up to date. If the change has been undone by then, nothing is
    sent.
    """
    announced = list(Attendee.objects.order_by().values_list("protest", "on", "announced").distinct())
    dates = occasions({row[:2] for row in announced})
    present = {date: Arrangement.of(occasion) for date, occasion in dates.items()}
    changed = {row[:2] for row in announced if row[:2] in present and row[2] != present[row[:2]].as_json()}
    return sum(_announce(key, on, present[key, on], now) for key, on in sorted(changed))


def _announce(protest: int, on: date, arrangement: Arrangement, now: datetime) -> int:
    rows = Attendee.objects.filter(protest=protest, on=on).exclude(announced=arrangement.as_json())
    changes: dict[str, Any] = {"announced": arrangement.as_json()}
    if arrangement.ends:
        changes["ends_at"] = arrangement.ends
    return claim_all(rows, NEWS, now + TIME_TO_UNDO, **changes)


@runs_regularly
def queue_reminders(now: datetime) -> int:
    """Queue a reminder at `now` (aware) for everybody coming tomorrow who hasn't had one; return how many."""
    soon = Attendee.objects.confirmed().filter(ends_at__gt=now, ends_at__lt=now + SOON)
    count = 0
    for (key, on), occasion in occasions(set(soon.order_by().values_list("protest", "on").distinct())).items():
        if occasion and not occasion.cancelled and reminder_at(occasion.starts) <= now < occasion.starts:
            day = occasion.starts.date()
            rows = Attendee.objects.confirmed().filter(protest=key, on=on).exclude(reminded_for=day)
            count += claim_all(rows, REMINDER, now, reminded_for=day)
    return count


def occasions(dates: Collection[tuple[int, date]]) -> dict[tuple[int, date], Occasion | None]:
    """Return the current occasion of each date, given as its protest's primary key and its regular date.

    The occasion is None if the date no longer exists, or if its protest was taken off the site. Dates of protests that
    can't be read are left out.
    """
    days = defaultdict(list)
    for key, on in dates:
        days[key].append(on)
    protests = list(Protest.objects.published().with_dates().filter(pk__in=days))
    read = read_each(protests, lambda protest: [(on, protest.occasion(on)) for on in days[protest.pk]])
    off_site = days.keys() - {protest.pk for protest in protests}
    found: dict[tuple[int, date], Occasion | None] = {(key, on): None for key in off_site for on in days[key]}
    return found | {(protest.pk, on): occasion for protest, pairs in read for on, occasion in pairs}


def claim_all(rows: AttendeeQuerySet, kind: str, due_at: datetime, **changes: Any) -> int:
    """Make the changes to all rows, and queue this kind of message for each confirmed one; return the number of rows.

    The changes must remove each row from `rows`, or this would never end. Rows that another worker has locked are
    skipped.
    """
    count = 0
    while found := _claim_some(rows, kind, due_at, changes):
        count += found
    return count


@transaction.atomic
def _claim_some(rows: AttendeeQuerySet, kind: str, due_at: datetime, changes: dict[str, Any]) -> int:
    found = list(rows.select_for_update(skip_locked=True).values_list("pk", "confirmed_at")[:BATCH])
    Attendee.objects.filter(pk__in=[key for key, _confirmed in found]).update(**changes)
    confirmed = [key for key, confirmed_at in found if confirmed_at]
    Message.objects.bulk_create(Message(kind=kind, object_id=key, due_at=due_at) for key in confirmed)
    return len(found)
