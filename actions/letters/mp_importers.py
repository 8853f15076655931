"""Lists of members as others publish them, read into one shape.

Known are the look-up of the Department for Education (pcon_code, display_as, party_text, member_email), the list of
Open Innovations (PCON24CD, MP, Party name, TheyWorkForYou URI), TheyWorkForYou's own (Person ID, First name, Last name,
Constituency, URI), and what the Members API of Parliament answers, saved as JSON. Any other table with a column of
names will do. No postal address is read: a constituency office may be somebody's home.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.letters.recipients import Body, Recipient
from campaign.email_addresses.parsing import usable_address
from campaign.places.models import Constituency
from campaign.places.tables import RefusedError, column, rows

CODE = r"pcon_code|pcon\d*cd|area_code|gss_code|code"
AREA = r"pcon_name|pcon\d*nm|constituency|area_name|area"
NAME = ("display_as", "mp", "display_name", "name")
PARTY = ("party_text", r"party.name", "party")
EMAIL = ("member_email", "email")
NUMBER = ("member_id", "id", r"person.id")
PAGE = (r"theyworkforyou.uri", "uri", "url", "page_url")
VACANT = {"", "vacant"}
COMMONS_HOUSE = 1


@dataclass(frozen=True)
class Member:
    """One member as a list tells of them; empty where it does not."""

    name: str
    area_code: str = ""
    salutation: str = ""
    party: str = ""
    email: str = ""
    number: str = ""
    page: str = ""


def read(path: Path) -> list[Member]:
    """Everyone in the file; seats that the list calls vacant are left out. Raises RefusedError, with the reason."""
    is_json = path.suffix.lower() == ".json" or (path.is_dir() and any(path.glob("*.json")))
    return _from_json(path) if is_json else _from_table(path)


def same(name: str) -> str:
    """The name of a constituency without what lists write in different ways: capitals, accents, signs, "&"."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", letters).casefold().strip()


def _codes() -> dict[str, str]:
    """For each name of a constituency, English or Welsh, its code."""
    known: dict[str, str] = {}
    for code, name, name_cy in Constituency.objects.values_list("code", "name", "name_cy"):
        known |= {same(text): code for text in (name, name_cy) if text}
    return known


def _from_table(path: Path) -> list[Member]:
    table = rows(path)
    _name, _line, header = next(table, ("", 0, []))
    places = {
        "name": column(header, *NAME),
        "first": column(header, "first.name"),
        "last": column(header, "last.name"),
        "code": column(header, CODE),
        "area": column(header, AREA),
        "party": column(header, *PARTY),
        "email": column(header, *EMAIL),
        "number": column(header, *NUMBER),
        "page": column(header, *PAGE),
    }
    if places["name"] is None and (places["first"] is None or places["last"] is None):
        raise RefusedError("There is no column of names (such as display_as, MP, or First name and Last name).")
    known = _codes()
    found = []
    for _table, _line, row in table:
        cell = {key: row[at].strip() if at is not None and at < len(row) else "" for key, at in places.items()}
        name = cell["name"] or f"{cell['first']} {cell['last']}".strip()
        if name.casefold() not in VACANT:
            code = cell["code"] or _code(cell["area"], known)
            found.append(Member(name, code, "", cell["party"], cell["email"], cell["number"], cell["page"]))
    return found


def _from_json(path: Path) -> list[Member]:
    known, found = _codes(), []
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        try:
            saved = json.loads(file.read_text(encoding="utf-8-sig"))
        except (ValueError, OSError) as error:
            raise RefusedError(f"{file.name} is no JSON: {error}") from error
        found += [_member(value, known) for value in _values(saved) if _sits(value)]
    if not found:
        raise RefusedError(f"There is no current member of the House of Commons in {path.name}.")
    return found


def _values(saved: Any) -> Iterable[dict[str, Any]]:
    """The members in an answer of the Members API: one, a page of a search, or a list of either."""
    if isinstance(saved, list):
        for part in saved:
            yield from _values(part)
    elif isinstance(saved, dict) and "nameDisplayAs" in saved:
        yield saved
    elif isinstance(saved, dict):
        yield from _values([saved.get("items"), saved.get("value")])


def _sits(value: dict[str, Any]) -> bool:
    seat = value.get("latestHouseMembership") or {}
    status = seat.get("membershipStatus") or {}
    return seat.get("house") == COMMONS_HOUSE and bool(status.get("statusIsActive"))


def _member(value: dict[str, Any], known: dict[str, str]) -> Member:
    party = (value.get("latestParty") or {}).get("name") or ""
    number = str(value.get("id") or "")
    return Member(
        name=str(value["nameDisplayAs"]),
        area_code=_code(str(value["latestHouseMembership"].get("membershipFrom") or ""), known),
        salutation=str(value.get("nameAddressAs") or ""),
        party=str(party),
        number=number,
        page=f"https://members.parliament.uk/member/{number}" if number else "",
    )


def _code(area: str, known: dict[str, str]) -> str:
    """The code of an area by its name, once, here: from now on codes are compared. Raises RefusedError."""
    if not area:
        return ""
    if same(area) not in known:
        raise RefusedError(f"“{area}” is the name of no constituency that we have.")
    return known[same(area)]


def check(found: list[Member], *, by_seat: bool, partial: bool) -> None:
    """Raise RefusedError for a list that cannot be right: seats we do not have, taken twice, or far too few."""
    if not by_seat:
        return
    seats = set(Constituency.objects.values_list("code", flat=True))
    if not seats:
        raise RefusedError("Load the constituencies first, with import_constituencies.")
    codes = [member.area_code for member in found]
    if strange := sorted(set(codes) - seats):
        raise RefusedError(f"{len(strange)} seats are none of ours, such as {strange[0] or '(none)'}.")
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise RefusedError(f"{len(twice)} seats are taken twice, such as {twice[0]}.")
    if not partial and len(found) < len(seats) * 0.9:
        raise RefusedError(f"There are {len(found)} members for {len(seats)} seats: allow it with --partial.")


def store(body: Body, found: list[Member]) -> int:
    """Make these the members of the body; an address entered by hand stays with its person. Return how many did."""
    by_hand = {}
    for old in body.members.exclude(email_override=""):
        by_hand[old.external_id or old.display_name, old.area_code] = old.email_override
    rows = [
        Recipient(
            body=body,
            area_code=member.area_code,
            display_name=member.name,
            salutation=member.salutation,
            party=member.party,
            email=usable_address(member.email),
            email_override=by_hand.get((member.number or member.name, member.area_code), ""),
            external_id=member.number,
            page_url=member.page,
        )
        for member in found
    ]
    body.members.all().delete()
    Recipient.objects.bulk_create(rows)
    return sum(bool(row.email_override) for row in rows)
