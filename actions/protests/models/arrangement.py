"""Arrangements: when and where a date takes place, now or as an attendee last heard."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

from actions.protests.models.occasion import Occasion
from campaign.text.times import span_in_words


@dataclass(frozen=True)
class Arrangement:
    """When and where a date takes place. Its times are aware, or both None if the date is cancelled."""

    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""

    @classmethod
    def of(cls, occasion: Occasion | None) -> Self:
        """Return the arrangement of an occasion: a cancelled date if the occasion is cancelled or None."""
        if occasion is None or occasion.cancelled:
            return cls()
        return cls(occasion.starts, occasion.ends, occasion.place.in_one_line)

    @classmethod
    def stored(cls, data: dict[str, str]) -> Self:
        """Return the arrangement that `as_json` turned into JSON data."""
        if not data:
            return cls()
        return cls(datetime.fromisoformat(data["starts"]), datetime.fromisoformat(data["ends"]), data["place"])

    def as_json(self) -> dict[str, str]:
        """Return JSON data, which is the same for equal moments in different time zones; {} for a cancelled date."""
        if self.starts is None or self.ends is None:
            return {}
        times = {"starts": self.starts, "ends": self.ends}
        return {name: time.astimezone(UTC).isoformat() for name, time in times.items()} | {"place": self.place}

    @property
    def is_cancelled(self) -> bool:
        """Return whether the date doesn't take place."""
        return self.starts is None

    def is_over(self, now: datetime) -> bool:
        """Return whether the date has ended by `now` (aware), or doesn't take place at all."""
        return self.ends is None or self.ends <= now

    def in_words(self, timezone: str) -> str:
        """Return "Tuesday 1 December 2026, 6pm to 7pm" in a time zone's local time, or "" for a cancelled date."""
        if self.starts is None or self.ends is None:
            return ""
        zone = ZoneInfo(timezone)
        return span_in_words(self.starts.astimezone(zone), self.ends.astimezone(zone))
