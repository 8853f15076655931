"""The layout of the hex map: each constituency's cell. The software comes with a layout. Another can be imported."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from campaign.places.models import Edition, HexLayout

HEXES = "hexes"  # the data set
FILE = Path(__file__).parent / "layout.json"
LAYOUTS = ("odd-r", "even-r", "odd-q", "even-q")

# Half-widths across and rows down: the neighbours of a cell are (±2, 0) and (±1, ±1) away.
Cell = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """The cell of each constituency, by its code, from (0, 0). If `is_turned`, the map has columns instead of rows.

    All calculations treat a turned map as if it lay on its side. Only the coordinates in the SVG are turned upright.
    """

    cells: dict[str, Cell]
    is_turned: bool = False


def from_hexjson(data: dict[str, Any]) -> Layout:
    """Return the layout that a HexJSON object describes. The object must have been checked.

    HexJSON (https://open-innovations.org/projects/hexmaps/hexjson.html) counts rows upwards. It shifts the odd or even
    rows of pointed hexagons half a width to the right, and the odd or even columns of flat ones half a height up.
    """
    shifted = data["layout"].startswith("odd")
    is_turned = data["layout"].endswith("q")
    cells = {code: _cell(hexagon, is_turned, shifted) for code, hexagon in data["hexes"].items()}
    left, top = (min((cell[axis] for cell in cells.values()), default=0) for axis in (0, 1))
    return Layout({code: (across - left, down - top) for code, (across, down) in cells.items()}, is_turned)


def _cell(hexagon: dict[str, Any], is_turned: bool, is_odd_shifted: bool) -> Cell:
    q, r = hexagon["q"], hexagon["r"]
    if is_turned:
        return -2 * r - (q % 2 == is_odd_shifted), q
    return 2 * q + (r % 2 == is_odd_shifted), -r


@cache
def shipped() -> Layout:
    """Return the layout that comes with the software."""
    return from_hexjson(json.loads(FILE.read_bytes()))


def current() -> Layout:
    """Return the imported layout, or the software's own if none has been imported."""
    imported = HexLayout.objects.first()
    return from_hexjson(imported.hexjson) if imported else shipped()


@cache
def shipped_edition() -> Edition:
    """Return the source of the software's own layout, for `/data-notes/`. It isn't in the database."""
    text = FILE.read_bytes()
    data = json.loads(text)
    return Edition(
        dataset=HEXES,
        title=data["title"],
        edition=data["edition"],
        licence=data["licence"],
        source_url=data["source"],
        file_name=FILE.name,
        sha256=hashlib.sha256(text).hexdigest(),
        rows=len(data["hexes"]),
    )
