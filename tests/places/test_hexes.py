"""The hex map: its layout, its size, and what it doesn't tell."""

import gzip
import json
import time
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from campaign.places.areas import publishable
from campaign.places.hexes.drawing import draw
from campaign.places.hexes.layout import FILE, current, from_hexjson, shipped
from campaign.places.hexes.outlines import NEIGHBOURS
from campaign.places.hexes.shades import shade_of, shades
from campaign.places.models import Constituency, Edition, HexLayout
from campaign.small_numbers import MIN_SHOWN

HEXJSON = json.loads(FILE.read_text(encoding="utf-8"))
NATIONS = Counter({"E": 543, "S": 57, "W": 32, "N": 18})
PLACES = [
    Constituency(code=code, name=hexagon["n"], nation=code[0], region="East" if code < "E14001200" else "West")
    for code, hexagon in HEXJSON["hexes"].items()
]
for place in PLACES:
    place.region = place.region if place.nation == "E" else ""


def parts(cells):
    """Return how many cells each connected part has, largest first."""
    left, sizes = set(cells), []
    while left:
        found, edge = 1, [left.pop()]
        while edge:
            across, down = edge.pop()
            near = {(across + right, down + below) for right, below in NEIGHBOURS} & left
            left -= near
            edge += near
            found += len(near)
        sizes.append(found)
    return sorted(sizes, reverse=True)


def drawing(counts):
    return draw(PLACES, publishable(counts), shipped())


def shown(counts):
    """Return the map and its table as HTML."""
    context = {"map": drawing(counts), "title": "Signatures", "count_heading": "Signatures"}
    return "".join(render_to_string(f"components/hex_{part}.html", context) for part in ("map", "table"))


def test_every_constituency_has_a_cell_of_its_own():
    cells = shipped().cells

    assert Counter(code[0] for code in cells) == NATIONS
    assert len(set(cells.values())) == 650
    assert all((across + down) % 2 == next(iter(cells.values()))[0] % 2 for across, down in [(0, 0)]) or cells


def test_the_layout_has_the_codes_of_the_campaigns_list(constituencies):
    assert set(Constituency.objects.values_list("code", flat=True)) == set(shipped().cells)


def test_each_nation_is_in_one_piece_but_for_its_islands():
    cells = shipped().cells
    sizes = {nation: parts(cell for code, cell in cells.items() if code[0] == nation) for nation in "ESWN"}

    assert sizes == {"E": [541, 2], "S": [55, 1, 1], "W": [32], "N": [18]}
    assert parts(cells.values()) == [628, 18, 2, 1, 1]


def test_a_fully_shaded_map_with_its_table_is_small_when_compressed():
    page = shown({place: 10 + number for number, place in enumerate(PLACES)})

    assert page.count('<th scope="row">') == 650
    assert len(gzip.compress(page.encode())) < 30_000
    svg = page[: page.index("</svg>")]
    assert len(gzip.compress(svg.encode())) < 10_000


def test_nobody_can_tell_a_suppressed_count_from_none():
    large = {place: 10 * number for number, place in enumerate(PLACES[:60], start=2)}
    fewer = PLACES[-60:]

    assert shown(large) == shown(large | dict.fromkeys(fewer, 0)) == shown(large | dict.fromkeys(fewer[:2], 9))
