"""The structured data on a protest's page: its dates as schema.org Events, for search engines."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from actions.protests.models import Occasion, Place


def events(occasions: Iterable[Occasion], organiser: str) -> dict[str, Any]:
    """Return a JSON-LD graph of the dates as schema.org Events. `organiser` is the campaign's name."""
    return {"@graph": [_event(one, organiser) for one in occasions]}


def _event(one: Occasion, organiser: str) -> dict[str, Any]:
    url = settings.SITE_URL + one.protest.get_absolute_url()
    event = {
        "@type": "Event",
        "@id": f"{url}#{one.on.isoformat()}",
        "name": one.protest.title,
        "description": " ".join(filter(None, [one.note, one.protest.summary])) or one.protest.title,
        "inLanguage": one.protest.language,
        "url": url,
        "startDate": one.starts.isoformat(),
        "endDate": one.ends.isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "location": _place(one.place),
        "organizer": {"@type": "Organization", "name": organiser, "url": f"{settings.SITE_URL}/"},
    }
    if one.cancelled:
        event["eventStatus"] = "https://schema.org/EventCancelled"
    elif one.has_new_time:
        event["eventStatus"] = "https://schema.org/EventRescheduled"
        event["previousStartDate"] = one.usual.starts.isoformat()
    return event


def _place(place: Place) -> dict[str, Any]:
    street = ", ".join(place.address.splitlines())
    country = place.country.partition("-")[0]  # "GB-ENG" is England
    located: dict[str, Any] = {
        "@type": "Place",
        "name": place.name,
        "address": {"@type": "PostalAddress", "streetAddress": street, "addressCountry": country},
    }
    if place.latitude is not None and place.longitude is not None:
        located["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(place.latitude),
            "longitude": float(place.longitude),
        }
    return located
