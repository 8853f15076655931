"""How long the hex map takes with every constituency shaded, and how large it is."""

import gzip
import statistics
import time

from django.template.loader import render_to_string

from tests.bench.results import record
from tests.places.hexes import EVERYWHERE, drawing

MAX_MS = 20
MAX_KB = 30


def timed_map():
    """Return the map as HTML, and the processor time in milliseconds. The time includes suppressing small counts."""
    began = time.process_time()
    html = render_to_string("components/hex_map.html", {"map": drawing(EVERYWHERE), "title": "Signatures"})
    return html, (time.process_time() - began) * 1000


def test_the_map_takes_at_most_twenty_milliseconds_and_thirty_kilobytes():
    html, _first = timed_map()
    milliseconds = statistics.median(timed_map()[1] for _ in range(50))
    compressed = len(gzip.compress(html.encode())) / 1000
    record("hex map", ms=milliseconds, kb_compressed=compressed, kb=len(html) / 1000)
    assert milliseconds <= MAX_MS
    assert compressed <= MAX_KB
