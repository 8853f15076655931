"""The members of the House of Commons, from Parliament's Members API.

`Members/Search` answers with `items`, each with a `value` as in `Members/{id}`, and with `totalResults`; it gives at
most 20 at a time. `Members/{id}/Contact` answers with a list in `value`, whose entries have `typeId` (1 for the
office in Parliament), `email` and more. See https://members-api.parliament.uk/index.html. We send one request at a
time, and pause between them: nearly 700 requests take about ten minutes.
"""

import json
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from actions.letters.membership import MEMBERS_LICENCE, compare, listed, vacant_seats, without_address
from actions.letters.mp_importers import MemberList, check_seats, of_api
from actions.letters.recipients import COMMONS, Body, Recipient
from campaign.network.fetching import FetchError
from campaign.network.patience import ask
from campaign.places.models import Constituency
from campaign.places.tables import RefusedError
from campaign.public_data.sources import Change, Found, Source, source

PAGE = 20
PAUSE = 0.5
OFFICE_IN_PARLIAMENT = 1
PARLIAMENT = "@parliament.uk"
MAX_MEMBERS = 650
MAX_VACANT = 10
MAX_LOST = 10
# The errors that unexpected JSON causes.
UNEXPECTED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@source
class MemberSource(Source):
    """The MPs, with their constituencies, parties, e-mail addresses and pages."""

    dataset = "mps"
    label = _("MPs")
    licence = MEMBERS_LICENCE

    def is_missing(self) -> bool:
        return not Recipient.objects.exists()

    def fetch(self, folder: Path) -> Found | None:
        found = _checked(_members())
        today = date_format(timezone.localdate(), "j F Y")
        title, file_name = "Members of the House of Commons", "Members API"
        page = f"{settings.MEMBERS_API}/index.html"
        return Found(found, len(found.members), title, today, page, file_name, _fingerprint(found))

    def replace(self, found: Found, *, allow_losses: bool) -> Change:
        body = Body.objects.filter(slug=COMMONS).first()
        if body is None:
            raise RefusedError(f"There is no body called {COMMONS}: add it in the admin first.")
        update = compare(body, found.data, drop=True)
        too_many = len(update.losses) if len(update.losses) > MAX_LOST else 0
        if too_many and not allow_losses:
            lost = listed("These would be lost", update.losses, too_many)
            return Change([f"New members: {len(update.new)}.", lost], too_many)
        update.save(found.data.details)
        addresses = listed("Without an e-mail address", without_address(body))
        return Change([*update.report(found.data.problems), listed("Vacant seats", vacant_seats(body)), addresses])


def _members() -> MemberList:
    """Return the members with their e-mail addresses. Raises RefusedError."""
    try:
        return of_api((value, _email(value)) for value in _values())
    except FetchError as error:
        raise RefusedError(str(error)) from error
    except UNEXPECTED as error:
        raise RefusedError("Parliament gave an answer that we do not understand.") from error


def _checked(found: MemberList) -> MemberList:
    """Return the list without unusable members. Raises RefusedError if more than a few seats are left without one."""
    check_seats(found, partial=False)
    vacant = Constituency.objects.count() - len(found.members)
    if vacant > MAX_VACANT:
        problems = "; ".join(found.problems[:10])
        raise RefusedError(f"{vacant} seats have no member, more than by-elections explain. {problems}".strip())
    return found


def _values() -> Iterator[dict[str, Any]]:
    """Yield every current member. Raises ValueError if some are missing or listed twice."""
    seen: set[int] = set()
    total = MAX_MEMBERS
    while len(seen) < total:
        options = {"House": 1, "IsCurrentMember": "true", "skip": len(seen), "take": PAGE}
        page = _json(f"/api/Members/Search?{urlencode(options)}")
        total, values = int(page["totalResults"]), [item["value"] for item in page["items"]]
        numbers = {int(value["id"]) for value in values}
        if (not values and len(seen) < total) or len(numbers) != len(values) or numbers & seen or total > MAX_MEMBERS:
            raise ValueError("the pages do not fit together")
        seen |= numbers
        yield from values


def _email(member: dict[str, Any]) -> str:
    """Return the address of the member's office in Parliament, or "".

    Some members' addresses in Parliament are listed under another office. Other addresses may be somebody's own.
    """
    contacts = _json(f"/api/Members/{int(member['id'])}/Contact")["value"]
    addresses = [(contact.get("typeId"), str(contact.get("email") or "").strip()) for contact in contacts]
    of_office = [address for kind, address in addresses if kind == OFFICE_IN_PARLIAMENT and address]
    in_parliament = [address for _kind, address in addresses if address.lower().endswith(PARLIAMENT)]
    return next(iter([*of_office, *in_parliament]), "")


def _json(path: str) -> Any:
    time.sleep(PAUSE)
    return json.loads(ask(settings.MEMBERS_API + path))


def _fingerprint(found: MemberList) -> str:
    """Return a hash that changes whenever a member or a detail does, but not with their order."""
    rows = sorted(sorted(vars(member).items()) for member in found.members)
    return sha256(json.dumps(rows).encode()).hexdigest()
