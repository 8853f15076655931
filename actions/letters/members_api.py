"""Find a constituency's member in our own list or, if we have none and LIVE_LOOKUPS is on, in Parliament's Members API.

We send only the constituency's name: see https://members-api.parliament.uk/index.html, `Location/Constituency/Search`.
"""

import json
from typing import Any
from urllib.parse import quote

from django.conf import settings

from actions.letters.cells import usable
from actions.letters.recipients import Body, Recipient
from campaign.places import remote
from campaign.places.models import Constituency


def member(body: Body | None, place: Constituency) -> Recipient | None:
    """Return the body's member for this constituency from our own list, or from the Members API if we have no list."""
    if body is None:
        return None
    recipient = body.members.of_area(place.code).first()
    if recipient or not settings.LIVE_LOOKUPS or not body.is_commons or body.members.exists():
        return recipient
    path = f"/api/Location/Constituency/Search?searchText={quote(place.name)}&skip=0&take=20"
    answer = remote.ask(settings.MEMBERS_API, path, lambda data: _member(data, place.name))
    return Recipient(body=body, area_code=place.code, **json.loads(answer)) if answer else None


def _member(data: Any, name: str) -> str:
    """Return, as JSON, the member for the constituency with exactly this name, or "" if the seat is vacant."""
    seats = [item["value"] for item in data["items"] if item["value"]["name"].casefold() == name.casefold()]
    if not seats or not seats[0].get("currentRepresentation"):
        return ""
    value = seats[0]["currentRepresentation"]["member"]["value"]
    name = usable("display_name", str(value["nameDisplayAs"]))
    salutation = usable("salutation", str(value.get("nameAddressAs") or ""))
    return json.dumps({"display_name": name, "salutation": salutation}) if name else ""
