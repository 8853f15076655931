"""The published counts of people who are coming, which rise in steps large enough to give nobody away."""

from datetime import datetime, timedelta

from actions.protests.models import Attendee, AttendeeCount
from campaign.periodic import runs_regularly
from campaign.small_numbers import in_tens

BETWEEN_COUNTS = timedelta(hours=1)
# A count moves only once this many more people have confirmed, so that no step gives an individual away.
MIN_MORE = 3


@runs_regularly
def publish_attendee_counts(now: datetime) -> int:
    """Bring the published counts up to date at `now` (aware), each at most once an hour; return how many moved.

    They never fall, because a fall would show that somebody had dropped out. "More than 20" requires 21 people.
    """
    numbers = Attendee.objects.numbers()
    AttendeeCount.objects.bulk_create(
        [AttendeeCount(protest_id=key, on=on, counted_at=now) for key, on in numbers], ignore_conflicts=True
    )
    due = AttendeeCount.objects.filter(counted_at__lte=now - BETWEEN_COUNTS, on__in={on for _key, on in numbers})
    moved = []
    for count in due:
        number = numbers.get((count.protest_id, count.on), 0)
        if number >= count.counted + MIN_MORE:
            count.shown, count.counted, count.counted_at = max(count.shown, in_tens(number - 1)), number, now
            moved.append(count)
    return AttendeeCount.objects.bulk_update(moved, ["shown", "counted", "counted_at"])
