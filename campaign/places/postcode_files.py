"""Files of postcodes and their constituencies.

They are the directories of the Office for National Statistics (ONSPD, NSPL) of any year, its look-ups of
constituencies, and plain tables with two columns.
"""

import io
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction

from campaign.places.models import Constituency
from campaign.places.packing import ConflictingUnitsError, Packer
from campaign.places.postcodes import NATIONS, POSTCODE
from campaign.places.tables import RefusedError, column

# Northern Ireland and the islands have no region; the Crown dependencies have no constituency: "L99999999", say.
NO_CODE = "99999999"
GIROBANK = "GIR0AA"  # in every edition, although it isn't in the form of a postcode
ALL_NATIONS = "".join(Constituency.Nation.values)
BAD_LINES_SHOWN = 10
# No complete edition since 2011 has had fewer; the ONS publishes 1.7 million live postcodes.
MIN_ROWS = 1_500_000
# Codes from the 2010 boundaries that the 2024 boundaries don't have (Register of Geographic Codes).
OF_2010 = {f"E14{number:06}" for number in range(530, 1063)} | {f"W07{number:06}" for number in range(41, 81)}
REGIONS = {
    "E12000001": "North East",
    "E12000002": "North West",
    "E12000003": "Yorkshire and The Humber",
    "E12000004": "East Midlands",
    "E12000005": "West Midlands",
    "E12000006": "East of England",
    "E12000007": "London",
    "E12000008": "South East",
    "E12000009": "South West",
}


@dataclass(frozen=True)
class Columns:
    """The positions of a row's parts, or None for parts that the table lacks."""

    postcode: int
    code: int
    ended: int | None = None
    region: int | None = None

    @property
    def last(self) -> int:
        return max(place for place in (self.postcode, self.code, self.ended, self.region) if place is not None)


@dataclass
class Postcodes:
    """A file's contents, packed by sector, with anything odd about the file."""

    sectors: dict[str, Packer] = field(default_factory=lambda: defaultdict(Packer))
    rows: int = 0
    terminated: int = 0
    nowhere: int = 0
    codes: Counter = field(default_factory=Counter)
    regions: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    first_lines: dict[str, str] = field(default_factory=dict)  # the first line with each code
    bad_lines: list[str] = field(default_factory=list)
    bad: int = 0

    def refuse(self, line: str, reason: str) -> None:
        """Count an unusable line, and keep the first few as examples for the report."""
        self.bad += 1
        if len(self.bad_lines) < BAD_LINES_SHOWN:
            self.bad_lines.append(f"{line}: {reason}")


def columns(row: list[str]) -> tuple[Columns, bool]:
    """Return a table's columns, judging by its first row, and whether that row is a header.

    Raises RefusedError if we recognise none of them.
    """
    postcode = column(row, "pcds", "pcd8", "pcd7", "pcd2?", "postcode")
    code = column(row, r"pcon\d*(cd)?", r"(gss_)?code", r"constituency.*code")
    if postcode is not None and code is not None:
        return Columns(postcode, code, column(row, "doterm"), column(row, r"rgn\d*(cd)?")), True
    if len(row) == 2 and POSTCODE.fullmatch(_compact(row[0])):
        return Columns(0, 1), False
    raise RefusedError("There is no column of postcodes (such as pcds) with one of constituencies (pcon24cd).")


def read(table: Iterable[tuple[str, int, list[str]]]) -> Postcodes:
    """Return the contents of the rows. Raises RefusedError for a table without the columns."""
    found, current, places = Postcodes(), None, Columns(0, 1)
    for name, line, row in table:
        if name != current:
            current = name
            places, is_header = _columns(name, row)
            if is_header:
                continue
        try:
            _add(found, places, row, name, line)
        except ValueError as error:
            raise RefusedError(f"{name}, line {line}: {error}.") from error
    return found


def _columns(name: str, row: list[str]) -> tuple[Columns, bool]:
    try:
        return columns(row)
    except RefusedError as error:
        raise RefusedError(f"{name}: {error}") from error


def _compact(cell: str) -> str:
    """Return a postcode in capitals without spaces."""
    return "".join(cell.split()).upper()


def _add(found: Postcodes, places: Columns, row: list[str], name: str, line: int) -> None:
    typed = _compact(row[places.postcode]) if len(row) > places.last else ""
    matched = POSTCODE.fullmatch(typed)
    if not matched:
        if typed != GIROBANK:
            found.refuse(f"line {line} of {name}", "no postcode")
        return
    code = row[places.code].strip().upper()
    code = "" if code.endswith(NO_CODE) else code
    area, district, sector, unit = matched.groups()
    if code and code[0] not in NATIONS.get(area, ALL_NATIONS):
        found.refuse(f"line {line} of {name}", f"{row[places.postcode]} cannot be in {code}: that is in another nation")
        return
    ended = places.ended is not None and bool(row[places.ended].strip())
    found.sectors[f"{area}{district} {sector}"].add(unit, code, ended)
    found.rows += 1
    found.terminated += ended
    found.nowhere += not code
    if code not in found.codes:
        found.first_lines[code] = f"line {line} of {name}"
    found.codes[code] += 1
    if places.region is not None and code:
        found.regions[code][row[places.region]] += 1


def check(found: Postcodes, *, partial: bool, skip_bad: bool) -> None:
    """Raise RefusedError, with the reason, unless the file matches our constituencies and looks complete."""
    known = set(Constituency.objects.values_list("code", flat=True))
    if not known:
        raise RefusedError("Load the constituencies first, with import_constituencies.")
    _check_rows(found, skip_bad=skip_bad)
    strange = set(found.codes) - known - {""}
    if strange:
        samples = ", ".join(f"{code} ({found.first_lines[code]})" for code in sorted(strange)[:3])
        reason = f"{len(strange)} codes are unknown, such as {samples}."
        raise RefusedError(reason + (" These are the boundaries of 2010." if strange & OF_2010 else ""))
    if not partial and (missing := known - set(found.codes)):
        raise RefusedError(f"{len(missing)} of {len(known)} constituencies have no postcode: allow it with --partial.")
    if not partial and found.rows < MIN_ROWS:
        raise RefusedError(
            f"There are {found.rows:,} postcodes, and a whole edition has more: allow it with --partial."
        )


def _check_rows(found: Postcodes, *, skip_bad: bool) -> None:
    if found.bad and not skip_bad:
        lines = "; ".join(found.bad_lines)
        raise RefusedError(f"{found.bad} rows are unusable, such as {lines}. Leave them out with --skip-bad.")
    if not found.rows:  # an empty table would replace all the postcodes
        raise RefusedError("There are no postcodes in the file.")


def lines_of(table: Iterable[tuple[str, int, list[str]]], postcode: str) -> list[str]:
    """Return where a postcode is found, such as "line 7 of ONSPD.csv"."""
    wanted, current, places, lines = _compact(postcode), None, Columns(0, 1), []
    for name, line, row in table:
        if name != current:
            current, (places, _is_header) = name, _columns(name, row)
        if len(row) > places.postcode and _compact(row[places.postcode]) == wanted:
            lines.append(f"line {line} of {name}")
    return lines


def packed(found: Postcodes) -> io.StringIO:
    """Return the sectors in the format that COPY reads. Raises ConflictingUnitsError, with the postcode."""
    lines = io.StringIO()
    for name, packer in found.sectors.items():
        try:
            units, areas = packer.packed()
        except ConflictingUnitsError as error:
            raise ConflictingUnitsError(f"{name}{error}") from error
        lines.write(f"{name}\t{areas}\t\\\\x{units.hex()}\n")
    lines.seek(0)
    return lines


def store(lines: io.StringIO) -> None:
    """Replace all the sectors. Readers see the old ones until the transaction ends, then the new ones."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_sector")  # unlike TRUNCATE, it neither waits for readers nor blocks them
        cursor.copy_expert("COPY places_sector (name, areas, units) FROM STDIN", lines)
    transaction.on_commit(compact)


def compact() -> None:
    """Free the space that the replaced rows took up.

    It is left to the next import if others are reading at each of ten attempts, or if a transaction older than ours is
    still open anywhere in the cluster, as it might still see those rows. It never waits for a lock, because everybody
    who looks up a postcode would have to wait behind it. `SET lock_timeout` would stay with a pool's session.
    """
    for _attempt in range(10):
        with connection.cursor() as cursor:
            connection.connection.notices = []
            cursor.execute("VACUUM (FULL, ANALYZE, SKIP_LOCKED) places_sector")
        if not connection.connection.notices:  # skipping vacuum of "places_sector" --- lock not available
            return
        time.sleep(0.1)


def store_regions(found: Postcodes) -> int:
    """Give each English constituency without a region the one that most of its postcodes are in; return how many."""
    without = Constituency.objects.filter(region="", nation=Constituency.Nation.ENGLAND, code__in=found.regions)
    changed = []
    for constituency in without:
        code, _count = found.regions[constituency.code].most_common(1)[0]
        constituency.region = REGIONS.get(code, "")
        changed += [constituency] if constituency.region else []
    Constituency.objects.bulk_update(changed, ["region"])
    return len(changed)
