"""The time needed to write a letter in each format, and proof that a thousand letters leak no memory."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from campaign.documents.blocks import Document, paragraph
from campaign.documents.download import FORMATS
from tests.bench.results import record
from tests.bench.rounds import medians

MAX_OF_BARE = {"docx": 10, "odt": 10, "txt": 5, "pdf": 60}  # compared with a bare ZIP file of the same text
LETTERS = 1000
MAX_GROWTH_MB = 10


def letter(number):
    """Return a letter of the usual length, with its own text."""
    blocks = [paragraph(f"Number {number}. " + "We ask the Government to act for the Uyghurs. " * 9) for _ in range(8)]
    return Document(f"Letter {number}", (paragraph("Ruth Feldman\n1 High Street\nLondon NW3 7UX"), *blocks))


def bare_zip(number):
    """Write the text of a letter into a ZIP file, as the least that a document needs."""
    words = "\n".join(block.text for block in letter(number).blocks)
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("content.xml", words)


def megabytes():
    """Return the memory that this process uses now. Its peak, perhaps from an earlier test, would hide any growth."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2


@pytest.mark.parametrize("kind", FORMATS)
def test_letters_are_written_quickly_without_leaking_memory(kind):
    def write(number):
        FORMATS[kind].write(letter(number))

    medians(200, write, bare_zip)
    before = megabytes()
    milliseconds, bare = medians(LETTERS, write, bare_zip)
    growth = megabytes() - before
    record(f"letter as {kind}", ms=milliseconds, times_bare_zip=milliseconds / bare, growth_mb_over_1000=growth)
    assert milliseconds <= MAX_OF_BARE[kind] * bare
    assert growth <= MAX_GROWTH_MB
