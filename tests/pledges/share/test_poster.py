"""A pledge's poster and QR code."""

from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pypdf
import pytest

from pledges.models import Demand
from tests.factories import PledgeFactory, publish
from tests.pledges.share.conftest import HEBREW, set_count

A4_HIGH = 842  # points


def read_poster(response):
    return pypdf.PdfReader(BytesIO(response.content))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def text_positions(reader, letters):
    """Return where text made of the given letters starts on the first page, in points from the left and bottom."""
    positions = []

    def visit(text, matrix, *_others):
        if text.strip() and set(text.strip()) <= letters | {"\u200b"}:
            positions.append((round(matrix[4]), matrix[5]))

    reader.pages[0].extract_text(visitor_text=visit)
    return positions


def test_the_qr_code_is_an_svg_that_depends_only_on_the_pledges_url(get, client, pledge):
    response = get("qr.svg")

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - ours
    set_count(pledge, 500)
    assert get("qr.svg").content == response.content
    other = PledgeFactory(slug="another-address")
    assert client.get(f"{other.get_absolute_url()}qr.svg").content != response.content


def test_the_poster_has_everything_that_passers_by_need(get, pledge, settings):
    settings.SITE_URL = "https://campaign.example"
    publish(pledge, summary="Because we can't look away.")
    response = get("poster.pdf")

    assert response.headers["Content-Type"] == "application/pdf"
    reader = read_poster(response)
    text = text_of(reader)
    assert len(reader.pages) == 1
    for words in ("A campaign", "Stop it", "Because we can't look away.", "What we demand", "Ask.", "Act."):
        assert words in text
    assert f"campaign.example/pledges/{pledge.slug}" in text.replace(" ", "")
    links = [note.get_object()["/A"]["/URI"] for note in reader.pages[0]["/Annots"]]
    assert set(links) == {f"https://campaign.example{pledge.get_absolute_url()}"}


@pytest.mark.parametrize("title", ["Stop it", HEBREW, "W" * 150], ids=["english", "hebrew", "one word"])
def test_the_poster_is_tagged_for_screen_readers(get, pledge, title):
    publish(pledge, title=title)

    with pikepdf.open(BytesIO(get("poster.pdf").content)) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert document.Root.Lang == "en-GB"
        assert len(document.pages) == 1


def test_a_right_to_left_title_starts_on_the_right(get, pledge):
    for title, at_the_right in (("Stop", False), ("עוצרים", True)):
        publish(pledge, title=title)
        ((across, _up),) = text_positions(read_poster(get("poster.pdf")), set(title))
        assert (across > 300) is at_the_right


def test_even_one_long_word_fits_the_header_of_the_poster(get, pledge):
    publish(pledge, title="W" * 150)
    lines = text_positions(read_poster(get("poster.pdf")), {"W"})

    assert len(lines) > 1
    assert {across for across, _up in lines} == {48}
    assert all(A4_HIGH - 218 < up < A4_HIGH - 60 for _across, up in lines)


def test_a_poster_fits_many_demands_on_one_page_and_continues_on_another(get, pledge):
    for number in range(8):
        Demand.objects.create(pledge=pledge, text=f"Demand {number}: " + "a fair inquiry, and soon. " * 4, order=9)
    pledge.publish()
    assert len(read_poster(get("poster.pdf")).pages) == 1

    for number in range(8, 20):
        Demand.objects.create(pledge=pledge, text=f"Demand {number}: " + "a fair inquiry, and soon. " * 20, order=9)
    pledge.publish()
    reader = read_poster(get("poster.pdf"))
    assert len(reader.pages) > 1
    assert "Demand 19:" in text_of(reader)


def test_letters_missing_from_our_fonts_leave_the_poster_readable(get, pledge):
    publish(pledge, title="维吾尔 Stop")
    assert "What we demand" in text_of(read_poster(get("poster.pdf")))


def test_a_title_is_never_read_as_markup(get, pledge):
    publish(pledge, title='#read("/etc/passwd") *bold* $x$')
    assert pledge.title.replace(" ", "") in text_of(read_poster(get("poster.pdf"))).replace(" ", "")
