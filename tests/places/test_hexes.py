"""The hex map: its layout, its size, and what it mustn't reveal."""

import gzip
import json
import time
from collections import Counter
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.places.areas import publishable
from campaign.places.hexes.drawing import draw
from campaign.places.hexes.layout import FILE, current, from_hexjson, shipped
from campaign.places.hexes.outlines import NEIGHBOURS
from campaign.places.hexes.shades import shade_of, shades
from campaign.places.models import Constituency, Edition, HexLayout, Place
from campaign.small_numbers import MIN_SHOWN
from tests.places.hexes import EVERYWHERE, HEXJSON, PLACES, drawing
from tests.sizes import size

NATIONS = Counter({"E": 543, "S": 57, "W": 32, "N": 18})


def parts(cells):
    """Return the number of cells in each connected part, largest first."""
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


def shown(counts):
    """Return the map and its table as HTML."""
    context = {"map": drawing(counts), "title": "Signatures", "count_heading": "Signatures"}
    return "".join(render_to_string(f"components/hex_{part}.html", context) for part in ("map", "table"))


def test_every_constituency_has_its_own_cell():
    cells = shipped().cells

    assert Counter(code[0] for code in cells) == NATIONS
    assert len(set(cells.values())) == 650
    assert len({(across + down) % 2 for across, down in cells.values()}) == 1


def test_the_layout_has_exactly_the_codes_in_the_campaigns_list(constituencies):
    assert set(Constituency.objects.values_list("code", flat=True)) == set(shipped().cells)


def test_each_nation_is_in_one_piece_apart_from_its_islands():
    cells = shipped().cells
    sizes = {nation: parts(cell for code, cell in cells.items() if code[0] == nation) for nation in "ESWN"}

    assert sizes == {"E": [541, 2], "S": [55, 1, 1], "W": [32], "N": [18]}
    assert parts(cells.values()) == [628, 18, 2, 1, 1]


def test_constituencies_in_one_city_are_next_to_each_other():
    for city in ("Birmingham", "Bristol", "Leeds", "Glasgow", "Belfast", "Cardiff", "Edinburgh", "Liverpool"):
        found = [shipped().cells[place.code] for place in PLACES if place.name.startswith(city)]
        assert len(parts(found)) == 1, city


def test_north_is_at_the_top_and_west_on_the_left():
    cells = {place.name: shipped().cells[place.code] for place in PLACES}
    down = [cells[name][1] for name in ("Orkney and Shetland", "York Central", "Luton North", "Tooting", "Lewes")]
    across = [cells[name][0] for name in ("Foyle", "Ynys Môn", "Telford", "Leicester South", "Great Yarmouth")]

    assert down == sorted(down)
    assert across == sorted(across)


def test_a_fully_shaded_map_with_its_table_is_small_when_compressed():
    page = shown(EVERYWHERE)

    assert page.count('<th scope="row">') == 650
    assert len(gzip.compress(page.encode())) < 30_000
    assert len(gzip.compress(page[: page.index("</svg>")].encode())) < 10_000


def test_a_map_takes_at_most_twenty_milliseconds():
    times = []
    for _ in range(8):
        begun = time.process_time()
        drawn = drawing(EVERYWHERE)
        render_to_string("components/hex_map.html", {"map": drawn, "title": "Signatures"})
        times.append(time.process_time() - begun)

    assert min(times) < 0.02


def test_there_is_no_map_without_a_publishable_count():
    assert drawing({}) is None
    assert drawing({PLACES[0]: 9}) is None


@settings(max_examples=size(15, 200))
@given(st.permutations([0, 0, 1, 4, 7, 9, 9]), st.permutations([0, 0, 1, 4, 7, 9, 9]))
def test_counts_of_0_and_9_look_the_same(some, others):
    large = {place: 10 * number for number, place in enumerate(PLACES[20:60], start=2)}

    first = drawing(large | dict(zip(PLACES, some, strict=False)))
    second = drawing(large | dict(zip(PLACES, others, strict=False)))
    assert first == second
    assert first.shown == len(large)


@settings(max_examples=size(15, 200))
@given(st.dictionaries(st.sampled_from(PLACES), st.integers(0, 300), max_size=80))
def test_only_published_counts_are_shaded(counts):
    published = publishable(counts)
    drawn = draw(PLACES, published, shipped())
    if not drawn:
        assert not published.constituencies
        return

    assert all(count % 10 == 0 and count >= MIN_SHOWN for count in published.constituencies.values())
    steps = shades(max(published.constituencies.values()))
    numbers = Counter(shade_of(count, steps) for count in published.constituencies.values())
    assert {shaded.shade: shaded.areas for shaded in drawn.shades if shaded.areas} == numbers
    assert all(shaded.path.count("M") == shaded.areas for shaded in drawn.shades)
    rows = [row for group in drawn.groups for row in group.rows]
    assert sorted(rows) == sorted((place.name, count) for place, count in published.constituencies.items())


@given(st.integers(MIN_SHOWN, 10**9))
def test_every_count_has_one_of_five_shades(top):
    found = shades(top)

    assert 1 <= len(found) <= 5
    assert found[0].low == MIN_SHOWN
    assert found[-1].low <= top
    assert all(before.high == after.low - 1 for before, after in pairwise(found))
    assert found[-1].high is None or found[-1].high >= top
    assert [shade_of(shade.low, found) for shade in found] == found


@pytest.mark.parametrize(
    ("top", "lows"),
    [
        (10, [10]),
        (50, [10, 20, 30, 40, 50]),
        (60, [10, 20, 50]),
        (490, [10, 20, 50, 100, 200]),
        (5_000, [10, 50, 200, 1_000, 5_000]),
        (90_000, [10, 100, 1_000, 10_000]),
    ],
)
def test_shades_begin_at_round_numbers(top, lows):
    assert [shade.low for shade in shades(top)] == lows


@pytest.mark.parametrize(
    ("layout", "cells"),
    [
        ("odd-r", {"a": (0, 1), "b": (1, 0), "c": (2, 1)}),
        ("even-r", {"a": (1, 1), "b": (0, 0), "c": (3, 1)}),
        ("odd-q", {"a": (2, 0), "b": (0, 0), "c": (1, 1)}),
        ("even-q", {"a": (2, 0), "b": (0, 0), "c": (3, 1)}),
    ],
)
def test_the_four_layouts_of_hexjson_are_read(layout, cells):
    hexes = {"a": {"q": 0, "r": 0}, "b": {"q": 0, "r": 1}, "c": {"q": 1, "r": 0}}

    assert from_hexjson({"layout": layout, "hexes": hexes}).cells == cells


def test_a_map_in_columns_is_drawn_upright():
    hexes = {place.code: {"q": 0, "r": number} for number, place in enumerate(PLACES[:9])}
    layout = from_hexjson({"layout": "odd-q", "hexes": hexes})
    drawn = draw(PLACES[:9], publishable({PLACES[0]: 20, PLACES[1]: 20}), layout)

    width, height = map(float, drawn.view_box.split()[2:])
    assert height > 4 * width


def write(tmp_path, data):
    path = tmp_path / "layout.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def changed(**hexagons):
    return HEXJSON | {"hexes": HEXJSON["hexes"] | hexagons}


def without(code):
    return HEXJSON | {"hexes": {key: value for key, value in HEXJSON["hexes"].items() if key != code}}


def test_an_imported_layout_replaces_ours_and_its_source_is_shown(constituencies, client, tmp_path):
    moved = {code: {"q": hexagon["q"], "r": hexagon["r"] + 2} for code, hexagon in HEXJSON["hexes"].items()}
    assert "layout.json" in client.get("/data-notes/").content.decode()
    moved["E14001063"]["q"] = 60
    call_command("import_hexes", write(tmp_path, {"layout": "even-r", "hexes": moved}), "--title", "A new layout")

    assert current().cells["E14001063"][0] - shipped().cells["E14001063"][0] > 50
    page = client.get("/data-notes/").content.decode()
    assert "A new layout" in page
    assert "Made for this software" not in page
    Edition.objects.get(pk="hexes").delete()
    assert current() == shipped()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("{", "not HexJSON"),
        ("", "not HexJSON"),
        ("[" * 100_000, "not HexJSON"),
        ("[1]", "contains no object"),
        ({"layout": "axial", "hexes": {}}, "must be one of odd-r"),
        ({"layout": ["odd-r"], "hexes": {}}, "must be one of odd-r"),
        ({"layout": "odd-r", "hexes": []}, "object “hexes”"),
        (without("E14001063"), "missing: E14001063"),
        ({"layout": "odd-r", "hexes": {}}, "and 645 more"),
        (changed(E14000530={"q": 90, "r": 90}), "not constituencies of this site: E14000530"),
        (changed(E14001063={"q": 12, "r": 19}), "E14001063 and E14001064 have the same cell"),
        (changed(E14001063={"q": 1.5, "r": 19}), "no whole number “q”"),
        (changed(E14001063={"q": True, "r": 19}), "no whole number “q”"),
        (changed(E14001063={"q": 1}), "no whole number “r”"),
        (changed(E14001063=7), "no whole number “q”"),
        (changed(E14001063={"q": 10**30, "r": 19}), "further from 0"),
        (changed(E14001063={"q": 500, "r": 19}), "more than 100 columns"),
        ('{"layout": "odd-r", "hexes": {"E14001063": 1, "E14001063": 2}}', "“E14001063” appears twice in one object"),
        ("9" * 5_000, "not HexJSON"),
        ("x" * 2_000_001, "larger than 2 MB"),
        ("\x00", "not HexJSON"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "object",
)
def test_a_bad_layout_is_refused_and_changes_nothing(constituencies, tmp_path, data, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("import_hexes", write(tmp_path, data))

    assert not HexLayout.objects.exists()
    assert not Edition.objects.filter(pk="hexes").exists()


def test_a_layout_for_a_site_without_constituencies_is_refused(db):
    with pytest.raises(CommandError, match="import them first"):
        call_command("import_hexes", FILE)


def test_a_folder_or_a_binary_file_is_refused(constituencies, tmp_path):
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="not HexJSON"):
        call_command("import_hexes", tmp_path / "bytes.json")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_hexes", tmp_path)


def test_a_constituency_without_a_cell_is_only_in_the_table():
    new = Place("E14009999", "New Town", "E", "East")
    drawn = draw([*PLACES, new], publishable({new: 30, PLACES[0]: 20}), shipped())

    assert ("New Town", 30) in [row for group in drawn.groups for row in group.rows]
    assert sum(shaded.areas for shaded in drawn.shades) == 1
