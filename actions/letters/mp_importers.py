"""Importers of published lists of members.

They read the Department for Education's look-up (pcon_code, display_as, party_text, member_email), the Open Innovations
list (PCON24CD, MP, Party name, TheyWorkForYou URI), TheyWorkForYou's list (Person ID, First name, Last name,
Constituency, URI), and responses from Parliament's Members API, saved as JSON. Any other table with a column of names
works too. Postal addresses are ignored, since a constituency office may be somebody's home.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from actions.letters.cells import clean, usable
from campaign.places.models import Constituency
from campaign.places.tables import RefusedError, column, rows

CODE = r"pcon_code|pcon\d*cd|area_code|gss_code|code"
AREA = r"pcon_name|pcon\d*nm|constituency|area_name|area"
NAME = ("display_as", "mp", "display_name", "name")
PARTY = ("party_text", r"party.name", "party")
EMAIL = ("member_email", r"e_?mail(_address)?")
NUMBER = ("member_id", "id", r"person.id")
PAGE = (r"theyworkforyou.uri", "uri", "url", "page_url")
# In the column of names, for an empty seat: "Vacant", "Seat vacant (by-election pending)".
VACANT = re.compile(r"\b(?:vacant|vacancy|by-?election)\b", re.IGNORECASE)
AFTER_NAME = re.compile(r"[\s,]+M\.?P\.?\s*$")  # the body adds it (Body.letters_after_name)
COMMONS_HOUSE = 1
TITLES = frozenset(
    {
        *("rt", "right", "hon", "honourable", "the", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor"),
        *("rev", "revd", "reverend", "sir", "dame", "lord", "lady"),
        *("mp", "kc", "qc", "pc", "obe", "cbe", "mbe", "dbe", "kbe", "kcb", "kcmg", "frs"),
    }
)
# Recipient's columns that a list can fill, besides the name and the seat.
DETAILS = ("salutation", "party", "email", "external_id", "page_url")
API_DETAILS = ("salutation", "party", "external_id", "page_url")


@dataclass(frozen=True)
class Member:
    """A member from a list, with values as Recipient stores them. What the list doesn't give is empty."""

    display_name: str
    area_code: str = ""
    salutation: str = ""
    party: str = ""
    email: str = ""
    external_id: str = ""
    page_url: str = ""


@dataclass
class MemberList:
    """The members in a list, the details that it has columns for, and the problems found in it."""

    details: list[str]
    members: list[Member] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, where: str, cells: dict[str, str]) -> None:
        """Add the member in these cells, leaving out unusable details, and note any problems. Skip a vacant seat."""
        if VACANT.search(cells["display_name"].replace("_", " ")):
            return
        name = AFTER_NAME.sub("", usable("display_name", cells["display_name"]))
        if not name:
            self.problems.append(f"{where}: there is no usable name")
            return
        area = usable("area_code", cells["area_code"])
        if cells["area_code"] and not area:
            self.problems.append(f"{where}: “{cells['area_code'][:50]}” is not a seat that we know")
            return
        kept = {}
        for detail in self.details:
            try:
                kept[detail] = clean(detail, cells[detail])
            except ValidationError:
                self.problems.append(f"{where}: unusable {detail.replace('_', ' ')} of {name}")
        self.members.append(Member(name, area, **kept))

    def merge(self, first: Member, second: Member) -> Member:
        """Combine two rows for one member, preferring the first; note the details that differ."""
        both = {detail: (getattr(first, detail), getattr(second, detail)) for detail in self.details}
        for detail, (one, other) in both.items():
            if one and other and one != other:
                problem = f"{first.display_name} is listed twice: the second {detail.replace('_', ' ')} was left out"
                self.problems.append(problem)
        return replace(first, **{detail: one or other for detail, (one, other) in both.items()})


def read(path: Path) -> MemberList:
    """Return the members in the file, skipping vacant seats. Raises RefusedError, with the reason, for a bad file."""
    is_json = path.suffix.lower() == ".json" or (path.is_dir() and any(path.glob("*.json")))
    return _from_json(path) if is_json else _from_table(path)


def of_api(answers: Iterable[tuple[dict[str, Any], str]]) -> MemberList:
    """Return the sitting members in values from the Members API, each with an e-mail address or ""."""
    known, found = _codes(), MemberList([*API_DETAILS, "email"])
    for value, email in answers:
        if _is_sitting(value):
            found.add(f"Member {value.get('id')}", _cells(value, known) | {"email": email})
    return found


def comparable(name: str) -> str:
    """Return a name without the differences between lists: capitals, accents, punctuation and "&"."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", letters).casefold().strip()


def words(name: str) -> frozenset[str]:
    """Return the set of words in a person's name, without titles or letters after it: lists differ in their order."""
    every = frozenset(comparable(name).split())
    return every - TITLES or every


def _codes() -> dict[str, str]:
    """Return the constituencies' codes by name, both English and Welsh."""
    known: dict[str, str] = {}
    for code, name, name_cy in Constituency.objects.values_list("code", "name", "name_cy"):
        known |= {comparable(text): code for text in (name, name_cy) if text}
    return known


def _from_table(path: Path) -> MemberList:
    table = rows(path)
    first, _line, header = next(table, ("", 0, []))
    columns = {
        "display_name": column(header, *NAME),
        "first": column(header, "first.name"),
        "last": column(header, "last.name"),
        "area_code": column(header, CODE),
        "area": column(header, AREA),
        "party": column(header, *PARTY),
        "email": column(header, *EMAIL),
        "external_id": column(header, *NUMBER),
        "page_url": column(header, *PAGE),
    }
    if columns["display_name"] is None and (columns["first"] is None or columns["last"] is None):
        raise RefusedError("There is no column of names (such as display_as, MP, or First name and Last name).")
    known = _codes()
    found = MemberList([detail for detail in DETAILS if columns.get(detail) is not None])
    for file, line, row in table:
        if file != first:
            raise RefusedError(f"There are several tables, such as {first} and {file}: load the right one on its own.")
        cells = {key: row[at].strip() if at is not None and at < len(row) else "" for key, at in columns.items()}
        cells["display_name"] = cells["display_name"] or f"{cells['first']} {cells['last']}".strip()
        cells["area_code"] = cells["area_code"].upper() or known.get(comparable(cells["area"]), cells["area"])
        found.add(f"{file}, line {line}", cells)
    return found


def _from_json(path: Path) -> MemberList:
    known, found = _codes(), MemberList([*API_DETAILS])
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        try:
            saved = json.loads(file.read_text(encoding="utf-8-sig"))
        except (ValueError, OSError, RecursionError) as error:
            raise RefusedError(f"{file.name} is not JSON: {error}") from error
        for value in _values(saved):
            if _is_sitting(value):
                found.add(file.name, _cells(value, known))
    if not found.members:
        raise RefusedError(f"There is no current member of the House of Commons in {path.name}.")
    return found


def _values(saved: Any) -> Iterable[dict[str, Any]]:
    """Yield the members in a Members API response: one member, a page of search results, or a list of either."""
    if isinstance(saved, list):
        for part in saved:
            yield from _values(part)
    elif isinstance(saved, dict) and "nameDisplayAs" in saved:
        yield saved
    elif isinstance(saved, dict):
        yield from _values([saved.get("items"), saved.get("value")])


def _is_sitting(value: dict[str, Any]) -> bool:
    seat = _part(value, "latestHouseMembership")
    return seat.get("house") == COMMONS_HOUSE and bool(_part(seat, "membershipStatus").get("statusIsActive"))


def _part(value: dict[str, Any], name: str) -> dict[str, Any]:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _cells(value: dict[str, Any], known: dict[str, str]) -> dict[str, str]:
    area = str(_part(value, "latestHouseMembership").get("membershipFrom") or "")
    number = str(value.get("id") or "")
    return {
        "display_name": str(value["nameDisplayAs"]),
        "area_code": known.get(comparable(area), area),
        "salutation": str(value.get("nameAddressAs") or ""),
        "party": str(_part(value, "latestParty").get("name") or ""),
        "external_id": number,
        "page_url": f"https://members.parliament.uk/member/{number}" if number.isdecimal() else "",
    }


def check_seats(found: MemberList, *, partial: bool) -> None:
    """Leave out members with unknown seats, and everyone in a seat that is listed for more than one person.

    Raises RefusedError if no members are left, or, unless `partial` is set, fewer than nine in ten seats are filled.
    """
    seats = dict(Constituency.objects.values_list("code", "name"))
    if not seats:
        raise RefusedError("Load the constituencies first, with import_constituencies.")
    by_seat = defaultdict[str, dict[frozenset[str], Member]](dict)
    for member in found.members:
        seat, person = by_seat[member.area_code], words(member.display_name)
        seat[person] = found.merge(seat[person], member) if person in seat else member
    found.members = []
    for code, members in by_seat.items():
        if problem := _seat_problem(seats.get(code, ""), code, [one.display_name for one in members.values()]):
            found.problems.append(problem)
        else:
            found.members += members.values()
    if not found.members or (not partial and len(found.members) < len(seats) * 0.9):
        hint = ": allow it with --partial" if found.members else ""
        problems = "; ".join(found.problems[:10])
        raise RefusedError(f"There are {len(found.members)} members for {len(seats)} seats{hint}. {problems}".strip())


def _seat_problem(seat: str, code: str, names: list[str]) -> str:
    if not seat:
        return f"{' and '.join(names)}: “{code}” is not a seat that we know"
    return f"{seat} is taken twice, by {' and '.join(names)}" if len(names) > 1 else ""
