"""Arrangements: when and where a date takes place, now or as an attendee last heard."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from actions.protests.models.occasion import Occasion


@dataclass(frozen=True)
class Arrangement:
    """When and where a date takes place, with aware times. Without times, it is cancelled."""

    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""

    @classmethod
    def of(cls, occasion: Occasion | None) -> Self:
        """Return the arrangement of an occasion; without one, or if it is cancelled, the date doesn't take place."""
        if occasion is None or occasion.cancelled:
            return cls()
        return cls(occasion.starts, occasion.ends, occasion.place.in_one_line)

    @classmethod
    def stored(cls, data: dict[str, str]) -> Self:
        """Return the arrangement that `as_json` stored."""
        if not data:
            return cls()
        return cls(datetime.fromisoformat(data["starts"]), datetime.fromisoformat(data["ends"]), data["place"])

    def as_json(self) -> dict[str, str]:
        """Return JSON data that is equal for equal arrangements, whatever their time zones; {} if it is cancelled."""
        if self.starts is None or self.ends is None:
            return {}
        times = {"starts": self.starts, "ends": self.ends}
        return {name: time.astimezone(UTC).isoformat() for name, time in times.items()} | {"place": self.place}

    @property
    def is_cancelled(self) -> bool:
        """Whether the date doesn't take place."""
        return self.starts is None

    def is_over(self, now: datetime) -> bool:
        """Return whether the date has ended at `now` (aware), or doesn't take place at all."""
        return self.ends is None or self.ends <= now
