"""How long the hex map takes with every constituency shaded, and how large it is."""

import gzip

from django.template.loader import render_to_string

from tests.bench.results import record
from tests.bench.rounds import medians
from tests.places.hexes import EVERYWHERE, drawing

# The map has to take 20 ms or less. The time of a machine is recorded, and what is asserted is the share of bare work.
MAX_OF_BARE = 130
MAX_KB = 30


def shown_map(_number=0):
    """Return the map as HTML, including the suppression of small counts."""
    return render_to_string("components/hex_map.html", {"map": drawing(EVERYWHERE), "title": "Signatures"})


def bare_hexagons(_number):
    """Return 650 hexagons in SVG, without a layout, shades, outlines or a template."""
    return "".join(f"M{count} {count + 7}l14 8v16l-14 8-14-8v-16z" for count in EVERYWHERE.values())


def test_the_map_costs_little_more_than_its_hexagons_and_has_at_most_thirty_kilobytes():
    html = shown_map()
    milliseconds, bare = medians(50, shown_map, bare_hexagons)
    compressed = len(gzip.compress(html.encode())) / 1000
    record(
        "hex map",
        ms=milliseconds,
        bare_ms=bare,
        times_bare=milliseconds / bare,
        kb_compressed=compressed,
        kb=len(html) / 1000,
    )
    assert milliseconds <= MAX_OF_BARE * bare
    assert compressed <= MAX_KB
