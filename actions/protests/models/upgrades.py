"""Changes to the content of older versions of protests, so that they can still be read."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaign.versions.freezing import Content


def moved_dates_have_local_times(content: Content) -> None:
    """Turn `new_starts`, a time in UTC, into the date and the time by the clock of the protest."""
    zone = content["facts"].get("timezone", "UTC")
    for record in content["fact_parts"].get("changes", []):
        fields = record["fields"]
        if moment := fields.pop("new_starts", None):
            fields |= local(moment, zone)


def local(moment: str, zone: str) -> dict[str, Any]:
    """Return the fields of a moved date for a time in UTC, or nothing if the time zone has been abolished."""
    try:
        starts = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    except (LookupError, OSError, ValueError):
        return {}
    return {"new_on": starts.date().isoformat(), "new_start": starts.time().isoformat()}
