"""The time needed to write a letter in each format, and proof that a thousand letters leak no memory."""

import os
import statistics
import time
from pathlib import Path

import pytest

from campaign.documents.blocks import Document, paragraph
from campaign.documents.download import FORMATS
from tests.bench.results import record

MAX_MS = {"docx": 1.0, "odt": 1.0, "txt": 1.0, "pdf": 60.0}
LETTERS = 1000
MAX_GROWTH_MB = 10


def letter(number):
    """Return a letter of the usual length, with its own text."""
    blocks = [paragraph(f"Number {number}. " + "We ask the Government to act for the Uyghurs. " * 9) for _ in range(8)]
    return Document(f"Letter {number}", (paragraph("Ruth Feldman\n1 High Street\nLondon NW3 7UX"), *blocks))


def timed(kind, number):
    document = letter(number)
    began = time.perf_counter()
    FORMATS[kind].write(document)
    return (time.perf_counter() - began) * 1000


def megabytes():
    """Return the memory that this process uses now. Its peak, perhaps from an earlier test, would hide any growth."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2


@pytest.mark.parametrize("kind", FORMATS)
def test_letters_are_written_quickly_without_leaking_memory(kind):
    first = timed(kind, 0)
    for number in range(1, 200):
        timed(kind, number)
    before = megabytes()
    milliseconds = statistics.median(timed(kind, number) for number in range(200, 200 + LETTERS))
    growth = megabytes() - before
    record(f"letter as {kind}", ms=milliseconds, first_ms=first, growth_mb_over_1000=growth)
    assert milliseconds <= MAX_MS[kind]
    assert growth <= MAX_GROWTH_MB
