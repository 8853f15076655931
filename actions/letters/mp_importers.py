"""Importers of published lists of members.

They read the look-up of the Department for Education (pcon_code, display_as, party_text, member_email), the list of
Open Innovations (PCON24CD, MP, Party name, TheyWorkForYou URI), TheyWorkForYou's own (Person ID, First name, Last name,
Constituency, URI), and answers of Parliament's Members API, saved as JSON. Any other table with a column of names will
do. They don't read postal addresses: a constituency office may be somebody's home.
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
    """One member from a list; what the list doesn't say is empty."""

    name: str
    area_code: str = ""
    salutation: str = ""
    party: str = ""
    email: str = ""
    number: str = ""
    page: str = ""


def read(path: Path) -> list[Member]:
    """Return everyone in the file, without seats that it calls vacant. Raises RefusedError with the reason."""
    is_json = path.suffix.lower() == ".json" or (path.is_dir() and any(path.glob("*.json")))
    return _from_json(path) if is_json else _from_table(path)


def comparable(name: str) -> str:
    """Return a constituency's name without what lists write differently: capitals, accents, punctuation and "&"."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", letters).casefold().strip()


def _codes() -> dict[str, str]:
    """Return the code of each constituency by its name, English or Welsh."""
    known: dict[str, str] = {}
    for code, name, name_cy in Constituency.objects.values_list("code", "name", "name_cy"):
        known |= {comparable(text): code for text in (name, name_cy) if text}
    return known


def _from_table(path: Path) -> list[Member]:
    table = rows(path)
    _name, _line, header = next(table, ("", 0, []))
    columns = {
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
    if columns["name"] is None and (columns["first"] is None or columns["last"] is None):
        raise RefusedError("There is no column of names (such as display_as, MP, or First name and Last name).")
    known = _codes()
    members = []
    for _table, _line, row in table:
        cell = {key: row[at].strip() if at is not None and at < len(row) else "" for key, at in columns.items()}
        name = cell["name"] or f"{cell['first']} {cell['last']}".strip()
        if name.casefold() not in VACANT:
            code = cell["code"] or _code(cell["area"], known)
            members.append(Member(name, code, "", cell["party"], cell["email"], cell["number"], cell["page"]))
    return members


def _from_json(path: Path) -> list[Member]:
    known, members = _codes(), []
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        try:
            saved = json.loads(file.read_text(encoding="utf-8-sig"))
        except (ValueError, OSError) as error:
            raise RefusedError(f"{file.name} is not JSON: {error}") from error
        members += [_member(value, known) for value in _values(saved) if _is_sitting(value)]
    if not members:
        raise RefusedError(f"There is no current member of the House of Commons in {path.name}.")
    return members


def _values(saved: Any) -> Iterable[dict[str, Any]]:
    """Yield the members in an answer of the Members API: one member, a page of a search, or a list of either."""
    if isinstance(saved, list):
        for part in saved:
            yield from _values(part)
    elif isinstance(saved, dict) and "nameDisplayAs" in saved:
        yield saved
    elif isinstance(saved, dict):
        yield from _values([saved.get("items"), saved.get("value")])


def _is_sitting(value: dict[str, Any]) -> bool:
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
    """Return the code for an area's name; everything else compares codes only. Raises RefusedError."""
    if not area:
        return ""
    if comparable(area) not in known:
        raise RefusedError(f"“{area}” is not the name of a constituency that we have.")
    return known[comparable(area)]


def check(members: list[Member], *, by_seat: bool, partial: bool) -> None:
    """Raise RefusedError for a list that can't be right: unknown seats, a seat taken twice, or far too few members."""
    if not by_seat:
        return
    seats = set(Constituency.objects.values_list("code", flat=True))
    if not seats:
        raise RefusedError("Load the constituencies first, with import_constituencies.")
    codes = [member.area_code for member in members]
    if unknown := sorted(set(codes) - seats):
        raise RefusedError(f"{len(unknown)} seats are unknown, such as {unknown[0] or '(none)'}.")
    if duplicates := sorted({code for code in codes if codes.count(code) > 1}):
        raise RefusedError(f"{len(duplicates)} seats are taken twice, such as {duplicates[0]}.")
    if not partial and len(members) < len(seats) * 0.9:
        raise RefusedError(f"There are {len(members)} members for {len(seats)} seats: allow it with --partial.")


def store(body: Body, members: list[Member]) -> int:
    """Replace the body's members, but keep e-mail addresses entered by hand; return how many those are."""
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
        for member in members
    ]
    body.members.all().delete()
    Recipient.objects.bulk_create(rows)
    return sum(bool(row.email_override) for row in rows)
