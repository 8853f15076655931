"""Upgrades to the content of protests' older versions, so that they can still be read."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaign.versions.freezing import Content


def moved_dates_have_local_times(content: Content) -> None:
    """Replace `new_starts`, a moment in UTC, with the date and the time in the protest's time zone."""
    zone = content["facts"].get("timezone", "UTC")
    for record in content["fact_parts"].get("changes", []):
        fields = record["fields"]
        if moment := fields.pop("new_starts", None):
            fields |= local(moment, zone)


def local(moment: str, zone: str) -> dict[str, Any]:
    """Return the fields of a moved date for a moment in UTC, or no fields if the time zone is unknown."""
    try:
        starts = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    except (LookupError, OSError, ValueError):
        return {}
    return {"new_on": starts.date().isoformat(), "new_start": starts.time().isoformat()}
