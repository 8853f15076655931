"""What a pledge is spread with: picture, QR code, poster, badge, and the page that offers them."""

import io
import re
import struct

import pypdf
import pytest

from pledges.kit import picture
from pledges.models import Demand
from pledges.tally import fold
from tests.factories import PledgeFactory, SignatureFactory

FILES = {"share.png": "image/png", "poster.pdf": "application/pdf", "qr.svg": "image/svg+xml"}
LONG = "A very long title of a pledge that goes on and on " * 4


@pytest.fixture
def get(client, pledge):
    """Give the answer for a file or page of the pledge."""
    return lambda name: client.get(f"{pledge.get_absolute_url()}{name}")


def size(png):
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize(("name", "kind"), FILES.items())
def test_each_file_is_of_its_kind_may_be_cached_and_sets_no_cookie(get, name, kind):
    answer = get(name)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert "public" in answer.headers["Cache-Control"]
    assert answer.headers["ETag"]
    assert not answer.cookies


@pytest.mark.parametrize("name", [*FILES, "share/", "badge/"])
def test_what_is_not_published_is_not_there(client, db, name):
    pledge = PledgeFactory(published=False)

    assert client.get(f"{pledge.get_absolute_url()}{name}").status_code == 404


@pytest.mark.parametrize(
    ("title", "language"),
    [("Stop it", "en-gb"), (LONG[:150], "en-gb"), ("עוצרים את זה", "he"), ("#eval(1) *x* $y$", "en-gb")],
)
def test_the_picture_has_the_size_that_other_sites_expect_whatever_the_title(client, db, title, language):
    pledge = PledgeFactory(title=title, language=language)

    assert size(client.get(f"{pledge.get_absolute_url()}share.png").content) == (1200, 630)


def test_the_picture_is_made_anew_when_the_count_moves_and_only_then(get, pledge, monkeypatch):
    made = []
    typeset = picture.typeset
    monkeypatch.setattr(picture, "typeset", lambda *args, **more: made.append(args[1]) or typeset(*args, **more))
    first, again = get("share.png").content, get("share.png").content
    SignatureFactory.create_batch(5, pledge=pledge, confirmed=True)
    fold()
    moved = get("share.png").content

    assert first == again != moved
    assert [data["progress"] for data in made] == ["0 people have signed of 1,000", "5 people have signed of 1,000"]


def test_links_to_the_pledge_carry_the_picture(client, pledge, settings):
    for address in (pledge.get_absolute_url(), f"{pledge.get_absolute_url()}thank-you/"):
        page = client.get(address).content.decode()
        shown = re.search(r'property="og:image"\s+content="([^"]+)"', page)[1]
        assert shown == f"{settings.SITE_URL}{pledge.get_absolute_url()}share.png"
        assert 'content="summary_large_image"' in page


@pytest.mark.parametrize(("demands", "length"), [(2, 20), (6, 150), (12, 300)])
def test_the_poster_is_one_tagged_page_with_demands_and_address(client, db, demands, length):
    pledge = PledgeFactory(title="Stop it", demands=[f"{n} " + "do it " * (length // 6) for n in range(demands)])
    read = pypdf.PdfReader(io.BytesIO(client.get(f"{pledge.get_absolute_url()}poster.pdf").content))
    text = " ".join(read.pages[0].extract_text().split())

    assert len(read.pages) == 1
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Stop it" in text
    assert f"{demands - 1} do it" in text
    assert pledge.slug in text.replace(" ", "").replace("\u200b", "")
    assert Demand.objects.count() == demands


def test_nothing_in_a_pledge_is_read_as_typst(client, db):
    pledge = PledgeFactory(title='#read("poster.typ")', demands=["#panic()", "= no heading"])
    read = pypdf.PdfReader(io.BytesIO(client.get(f"{pledge.get_absolute_url()}poster.pdf").content))

    assert '#read("poster.typ")' in read.pages[0].extract_text()


def test_the_badge_may_be_framed_by_anybody_and_no_other_page_may(client, get, pledge):
    badge, page = get("badge/"), client.get(pledge.get_absolute_url())

    assert "X-Frame-Options" not in badge.headers
    assert "frame-ancestors *" in badge.headers["Content-Security-Policy"]
    assert badge.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not badge.cookies
    assert 'target="_top"' in badge.content.decode()
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_the_page_offers_all_of_it(get, pledge):
    page = get("share/").content.decode()

    for name in FILES:
        assert f"{pledge.get_absolute_url()}{name}" in page
    assert "&lt;iframe src=" in page
