"""Dates in words, for pages and messages about coming along."""

from zoneinfo import ZoneInfo

from actions.protests.models import Arrangement
from campaign.text.times import day_in_words, times_in_words


def when(arrangement: Arrangement, zone: ZoneInfo) -> str:
    """Return "Tuesday 1 December 2026, 6pm to 7pm" by the clock of a zone, or "" if it doesn't take place."""
    if arrangement.starts is None or arrangement.ends is None:
        return ""
    starts, ends = arrangement.starts.astimezone(zone), arrangement.ends.astimezone(zone)
    return f"{day_in_words(starts)}, {times_in_words(starts, ends)}"
