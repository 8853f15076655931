"""Lists of the 650 constituencies, as the Office for National Statistics and postcodes.io publish them."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from campaign.places.models import Constituency
from campaign.places.tables import RefusedError, column, rows

# Parliamentary Constituencies Act 1986, schedule 2, rule 1 (as amended in 2020), and the orders of 2023 under it.
SEATS = {"E": 543, "W": 32, "S": 57, "N": 18}
CODES = r"pcon\d*cd|code|gss.?code"
NAMES = r"pcon\d*nm|name"
REGIONS = ("region", r"rgn\d*nm")
CODE = re.compile(r"[EWSN][0-9]{8}")
WELSH_NAMES = r"pcon\d*nmw|name_cy"


def read(path: Path) -> list[Constituency]:
    """Return the constituencies in a CSV file (codes, names, Welsh names) or JSON (an object of codes and names).

    Raises RefusedError, with the reason, unless they are the 650.
    """
    found = _from_json(path) if path.suffix.lower() == ".json" else _from_csv(path)
    counts = Counter(constituency.code[:1] for constituency in found)
    if counts != Counter(SEATS):
        totals = ", ".join(f"{counts[letter]} of {seats} in {letter}" for letter, seats in SEATS.items())
        raise RefusedError(f"These are not the 650 constituencies: {totals}; {len(found)} rows in all.")
    if len({constituency.code for constituency in found}) != len(found):
        raise RefusedError("The file contains a code twice.")
    return found


def add_regions(found: list[Constituency], path: Path) -> int:
    """Set the region of each English constituency from a look-up of codes and regions; return how many have one.

    Raises RefusedError for a look-up that lacks the columns, or that gives a constituency two regions.
    """
    regions = _regions(path)
    for constituency in found:
        if constituency.nation == Constituency.Nation.ENGLAND:
            constituency.region = regions.get(constituency.code, constituency.region)
    return sum(bool(constituency.region) for constituency in found)


def _regions(path: Path) -> dict[str, str]:
    table = rows(path)
    first, _line, header = next(table, ("", 0, []))
    code, region = column(header, CODES), column(header, *REGIONS)
    if code is None or region is None:
        raise RefusedError(f"{path.name} has no column of codes (PCON24CD) beside one of regions (RGN24NM).")
    regions: dict[str, str] = {}
    for line, row in _full_rows(table, first, header):
        name = row[region].strip()
        if regions.setdefault(row[code].strip(), name) != name:
            raise RefusedError(f"{line} gives {row[code]} a different region from an earlier line.")
    return regions


def _full_rows(
    table: Iterable[tuple[str, int, list[str]]], first: str, header: list[str]
) -> Iterator[tuple[str, list[str]]]:
    """Yield each row with its location, such as "Line 7 of list.csv".

    Raises RefusedError if a row is shorter or longer than the header, or if there is more than one table.
    """
    for name, line, row in table:
        if name != first:
            raise RefusedError(f"There are several tables, such as {first} and {name}: load the right one on its own.")
        if len(row) != len(header):
            raise RefusedError(f"Line {line} of {name} has {len(row)} columns; the first line has {len(header)}.")
        yield f"Line {line} of {name}", row


def _from_json(path: Path) -> list[Constituency]:
    try:
        names = json.loads(path.read_text(encoding="utf-8-sig"))
        return [_constituency(path.name, code, name) for code, name in names.items()]
    except (ValueError, AttributeError, OSError) as error:
        raise RefusedError(f"{path.name} is not a JSON object of codes and names: {error}") from error


def _from_csv(path: Path) -> list[Constituency]:
    table = rows(path)
    first, _line, header = next(table, ("", 0, []))
    code, name = column(header, CODES), column(header, NAMES)
    if code is None or name is None:
        raise RefusedError("There is no column of codes (such as PCON24CD) beside one of names (PCON24NM).")
    welsh, region = column(header, WELSH_NAMES), column(header, *REGIONS)
    found = []
    for line, row in _full_rows(table, first, header):
        name_cy = row[welsh] if welsh is not None else ""
        found.append(_constituency(line, row[code], row[name], name_cy, row[region] if region is not None else ""))
    return found


def _constituency(where: str, code: str, name: str, name_cy: str = "", region: str = "") -> Constituency:
    code, name, name_cy, region = (text.strip() for text in (code, name, name_cy, region))
    if not CODE.fullmatch(code) or not name:
        raise RefusedError(f"{where}: “{code}”, “{name}” is not a code and a name.")
    return Constituency(code=code, name=name, nation=code[:1], name_cy=name_cy, region=region)


def store(found: list[Constituency]) -> None:
    """Replace the table with this list. Welsh names and regions that the list lacks stay the same."""
    known = {old.code: old for old in Constituency.objects.all()}
    for new in found:
        old = known.get(new.code)
        new.name_cy = new.name_cy or (old.name_cy if old else "")
        new.region = new.region or (old.region if old else "")
    Constituency.objects.exclude(pk__in=[new.code for new in found]).delete()
    fields = ["name", "name_cy", "nation", "region"]
    Constituency.objects.bulk_create(found, update_conflicts=True, unique_fields=["code"], update_fields=fields)
