"""Sharing a pledge: `/pledges/<slug>/share/` and the picture, QR code, poster and badge that it offers."""

import re
import struct
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pypdf
import pytest
from django.utils import timezone

from campaign.pages.models import SiteSettings
from pledges.models import Demand, PublishedCount
from pledges.share.picture import HEIGHT, WIDTH, draw
from tests.factories import PledgeFactory

PUBLIC = ["share/", "share.png", "qr.svg", "poster.pdf", "badge/"]
A4_HIGH = 842  # points
HEBREW = "עוצרים את רצח העם של האויגורים"


@pytest.fixture
def get(client, pledge):
    """Request a path under the pledge's URL; return the response."""

    def request(path, **headers):
        return client.get(f"{pledge.get_absolute_url()}{path}", headers=headers)

    return request


def set_count(pledge, count):
    PublishedCount.objects.update_or_create(pledge=pledge, defaults={"count": count})


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


@pytest.mark.parametrize("path", PUBLIC)
def test_everything_may_be_cached_and_sets_no_cookie(get, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        response = get(path)

    assert response.status_code == 200
    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("path", PUBLIC)
def test_an_unpublished_pledge_offers_nothing(get, pledge, path):
    pledge.published = False
    pledge.save()
    assert get(path).status_code == 404


@pytest.mark.parametrize("path", ["share.png", "poster.pdf"])
def test_picture_and_poster_are_rendered_once_for_each_version(get, pledge, path, django_assert_num_queries):
    first = get(path)
    with django_assert_num_queries(1):
        again = get(path)
    assert (again.content, again.headers["Content-Type"]) == (first.content, first.headers["Content-Type"])

    pledge.title = "Another title"
    pledge.save()
    assert get(path).content != first.content


def test_picture_and_poster_of_one_version_are_not_mixed_up(get):
    assert get("share.png").content.startswith(b"\x89PNG")
    assert get("poster.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "title",
    ["Stop it", HEBREW, "long words of a title " * 7, "W" * 150, "#let x = [*bold*] $a$ \\ @b <c>"],
    ids=["short", "hebrew", "long", "one word", "markup"],
)
def test_the_picture_has_the_size_stated_on_the_page(get, pledge, title):
    pledge.title = title[:150]
    pledge.save()
    response = get("share.png")

    assert response.headers["Content-Type"] == "image/png"
    signature, width, height = struct.unpack("!8s8xII", response.content[:24])
    assert signature == b"\x89PNG\r\n\x1a\n"
    assert (width, height) == (WIDTH, HEIGHT) == (1200, 630)
    page = get("").content.decode()
    assert f'<meta property="og:image:width" content="{width}">' in page
    assert f'<meta property="og:image:height" content="{height}">' in page


def test_the_picture_changes_with_the_count(get, pledge):
    none = get("share.png").content
    set_count(pledge, 500)
    assert get("share.png").content != none


def test_the_picture_states_the_goal(get, pledge):
    first = get("share.png").content
    pledge.goal = 3000  # with no signatures the bar is the same
    pledge.save()
    assert get("share.png").content != first


def test_the_picture_of_a_closed_pledge_does_not_ask_for_signatures(pledge):
    pledge.count = 3
    still_open = draw(pledge, SiteSettings.current())
    pledge.closes_at = pledge.updated_at
    assert draw(pledge, SiteSettings.current()) != still_open


@pytest.mark.parametrize("path", ["", "thank-you/", "share/"])
def test_social_networks_get_the_absolute_url_of_the_picture(get, pledge, settings, path):
    settings.SITE_URL = "https://campaign.example"
    page = " ".join(get(path).content.decode().split())

    address = f"https://campaign.example{pledge.get_absolute_url()}share.png"
    assert re.search(rf'<meta property="og:image" content="{address}\?v=[0-9a-f]{{12}}">', page)
    assert '<meta property="og:image:alt" content="“Stop it”, with the number of signatures">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page


def picture_address(get, path="share/"):
    """Return the query of the picture's address on a page."""
    return re.search(r"share\.png(\?v=\w+)", get(path).content.decode())[1]


def test_the_pictures_address_changes_with_everything_that_it_shows_and_only_then(get, pledge, time_machine):
    seen = [picture_address(get)]
    set_count(pledge, 10)
    seen.append(picture_address(get))
    pledge.touch_published_count()
    assert picture_address(get) == seen[-1]
    pledge.title = "Another title"
    pledge.save()
    seen.append(picture_address(get))
    pledge.goal = 3000
    pledge.save()
    seen.append(picture_address(get))
    SiteSettings.objects.update(name="Another campaign")
    seen.append(picture_address(get))
    pledge.closes_at = timezone.now() + timedelta(hours=1)
    pledge.save()
    assert picture_address(get) == seen[-1]
    time_machine.move_to(pledge.closes_at)
    seen.append(picture_address(get))

    assert len(set(seen)) == len(seen) == 6
    assert {picture_address(get, path) for path in ("", "thank-you/", "share/")} == {seen[-1]}


def test_a_picture_may_be_kept_only_under_the_address_of_its_version(get, pledge):
    first = picture_address(get)
    for path in (f"share.png{first}", f"share.png{first}&utm_source=x"):
        headers = get(path).headers
        assert "max-age=31536000" in headers["Cache-Control"]
        assert "immutable" in headers["Cache-Control"]
    set_count(pledge, 10)

    for path in (f"share.png{first}", "share.png", "share.png?v=", "share.png?v=zzz"):
        old = get(path)
        assert old.content == get(f"share.png{picture_address(get)}").content
        assert "max-age=0" in old.headers["Cache-Control"]
        assert "immutable" not in old.headers["Cache-Control"]


def test_the_picture_of_a_pledge_that_closes_is_made_again(get, pledge, time_machine):
    pledge.closes_at = timezone.now() + timedelta(minutes=1)
    pledge.save()
    first = get("share.png").content
    time_machine.move_to(pledge.closes_at)

    assert get("share.png").content != first


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
    pledge.summary = "Because we can't look away."
    pledge.save()
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
    pledge.title = title
    pledge.save()

    with pikepdf.open(BytesIO(get("poster.pdf").content)) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert document.Root.Lang == "en-GB"
        assert len(document.pages) == 1


def test_a_right_to_left_title_starts_on_the_right(get, pledge):
    for title, at_the_right in (("Stop", False), ("עוצרים", True)):
        pledge.title = title
        pledge.save()
        ((across, _up),) = text_positions(read_poster(get("poster.pdf")), set(title))
        assert (across > 300) is at_the_right


def test_even_one_long_word_fits_the_header_of_the_poster(get, pledge):
    pledge.title = "W" * 150
    pledge.save()
    lines = text_positions(read_poster(get("poster.pdf")), {"W"})

    assert len(lines) > 1
    assert {across for across, _up in lines} == {48}
    assert all(A4_HIGH - 218 < up < A4_HIGH - 60 for _across, up in lines)


def test_a_poster_fits_many_demands_on_one_page_and_continues_on_another(get, pledge):
    for number in range(8):
        Demand.objects.create(pledge=pledge, text=f"Demand {number}: " + "a fair inquiry, and soon. " * 4, order=9)
    assert len(read_poster(get("poster.pdf")).pages) == 1

    for number in range(8, 20):
        Demand.objects.create(pledge=pledge, text=f"Demand {number}: " + "a fair inquiry, and soon. " * 20, order=9)
    reader = read_poster(get("poster.pdf"))
    assert len(reader.pages) > 1
    assert "Demand 19:" in text_of(reader)


def test_letters_missing_from_our_fonts_leave_the_poster_readable(get, pledge):
    pledge.title = "维吾尔 Stop"
    pledge.save()
    assert "What we demand" in text_of(read_poster(get("poster.pdf")))


def test_a_title_is_never_read_as_markup(get, pledge):
    pledge.title = '#read("/etc/passwd") *bold* $x$'
    pledge.save()
    assert pledge.title.replace(" ", "") in text_of(read_poster(get("poster.pdf"))).replace(" ", "")


def test_other_sites_may_frame_the_badge_and_nothing_else(get):
    badge = get("badge/")

    assert "X-Frame-Options" not in badge.headers
    assert badge.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    policy = badge.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    for path in ("", "share/"):
        other = get(path)
        assert other.headers["X-Frame-Options"] == "DENY"
        assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]


def test_a_conditional_request_keeps_the_headers_that_allow_framing(get):
    first = get("badge/")
    again = get("badge/", if_none_match=first.headers["ETag"])

    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]
    assert again.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_policy_allows_the_badges_own_style_and_no_other(get):
    response = get("badge/")
    style = re.search(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_the_badge_shows_the_count_and_its_link_leaves_the_frame(get, pledge, settings):
    settings.SITE_URL = "https://campaign.example"
    set_count(pledge, 1234)
    page = get("badge/").content.decode()

    assert "<strong>1,234 signatures</strong>. Goal: 2,000" in page
    assert '<progress value="1234"' in page
    assert f'<a href="https://campaign.example{pledge.get_absolute_url()}" target="_top">' in page
    assert "Add your name" in page
    assert "src=" not in page

    pledge.closes_at = pledge.updated_at
    pledge.save()
    assert "Add your name" not in get("badge/").content.decode()


def test_the_share_page_offers_everything(get, pledge, settings):
    settings.SITE_URL = "https://campaign.example"
    page = get("share/").content.decode()

    path = pledge.get_absolute_url()
    assert f'href="{path}share.png?v=' in page
    for name in ("qr.svg", "poster.pdf", "badge/"):
        assert f'href="{path}{name}"' in page
    assert f"https://campaign.example{path}</a>" in page
    assert f"&lt;iframe src=&quot;https://campaign.example{path}badge/&quot;" in page
    assert re.search(r"<textarea[^>]* readonly", page)


def test_a_hostile_title_cannot_break_out_of_the_page_or_the_embed_code(get, pledge):
    pledge.title = '"></iframe></textarea><b>x'
    pledge.save()
    page = get("share/").content.decode()

    snippet = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    assert "&amp;quot;&amp;gt;&amp;lt;/iframe" in snippet


@pytest.mark.parametrize("path", ["", "thank-you/"])
def test_the_pledge_and_thank_you_pages_link_to_the_share_page(get, pledge, path):
    assert f'href="{pledge.get_absolute_url()}share/"' in get(path).content.decode()
