"""What a pledge is spread with: `/pledges/<slug>/share/` and the picture, QR code, poster and badge that it offers."""

import re
import struct
from base64 import b64encode
from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pypdf
import pytest

from campaign.pages.models import SiteSettings
from pledges.models import Demand, PublishedCount
from pledges.share.picture import HEIGHT, WIDTH, draw
from tests.factories import PledgeFactory

PUBLIC = ["share/", "share.png", "qr.svg", "poster.pdf", "badge/"]
A4_HIGH = 842  # points
HEBREW = "עוצרים את רצח העם של האויגורים"


@pytest.fixture
def get(client, pledge):
    """Ask for something under the pledge's address."""

    def ask(what, **headers):
        return client.get(f"{pledge.get_absolute_url()}{what}", headers=headers)

    return ask


def counted(pledge, count):
    PublishedCount.objects.update_or_create(pledge=pledge, defaults={"count": count})


def poster_of(answer):
    return pypdf.PdfReader(BytesIO(answer.content))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def placed(reader, letters):
    """Where on the first sheet the stretches of text of these letters begin, in points from the left and the foot."""
    found = []

    def see(text, matrix, *_others):
        if text.strip() and set(text.strip()) <= letters | {"\u200b"}:
            found.append((round(matrix[4]), matrix[5]))

    reader.pages[0].extract_text(visitor_text=see)
    return found


@pytest.mark.parametrize("what", PUBLIC)
def test_any_cache_may_keep_it_and_no_cookie_is_set(get, what, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        answer = get(what)

    assert answer.status_code == 200
    assert "public" in answer.headers["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("what", PUBLIC)
def test_nothing_is_told_of_a_pledge_that_is_not_published(get, pledge, what):
    pledge.published = False
    pledge.save()
    assert get(what).status_code == 404


@pytest.mark.parametrize("what", ["share.png", "poster.pdf"])
def test_what_is_dear_to_make_is_made_once_for_each_version(get, pledge, what, django_assert_num_queries):
    first = get(what)
    with django_assert_num_queries(1):
        again = get(what)
    assert (again.content, again.headers["Content-Type"]) == (first.content, first.headers["Content-Type"])

    pledge.title = "Another title"
    pledge.save()
    assert get(what).content != first.content


def test_picture_and_poster_of_one_version_are_not_mixed_up(get):
    assert get("share.png").content.startswith(b"\x89PNG")
    assert get("poster.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "title",
    ["Stop it", HEBREW, "long words of a title " * 7, "W" * 150, "#let x = [*bold*] $a$ \\ @b <c>"],
    ids=["short", "hebrew", "long", "one word", "markup"],
)
def test_the_picture_has_the_size_that_the_page_names(get, pledge, title):
    pledge.title = title[:150]
    pledge.save()
    answer = get("share.png")

    assert answer.headers["Content-Type"] == "image/png"
    signature, width, height = struct.unpack("!8s8xII", answer.content[:24])
    assert signature == b"\x89PNG\r\n\x1a\n"
    assert (width, height) == (WIDTH, HEIGHT) == (1200, 630)
    page = get("").content.decode()
    assert f'<meta property="og:image:width" content="{width}">' in page
    assert f'<meta property="og:image:height" content="{height}">' in page


def test_the_picture_moves_with_the_count(get, pledge):
    none = get("share.png").content
    counted(pledge, 500)
    assert get("share.png").content != none


def test_the_picture_tells_the_goal_in_words(get, pledge):
    first = get("share.png").content
    pledge.goal = 3000  # with no signatures the bar is the same
    pledge.save()
    assert get("share.png").content != first


def test_the_picture_of_a_closed_pledge_asks_for_no_name(pledge):
    pledge.count = 3
    still_open = draw(pledge, SiteSettings.current())
    pledge.closes_at = pledge.updated_at
    assert draw(pledge, SiteSettings.current()) != still_open


@pytest.mark.parametrize("what", ["", "thank-you/", "share/"])
def test_networks_are_told_of_the_picture_by_its_whole_address(get, pledge, settings, what):
    settings.SITE_URL = "https://campaign.example"
    page = " ".join(get(what).content.decode().split())

    address = f"https://campaign.example{pledge.get_absolute_url()}share.png"
    assert f'<meta property="og:image" content="{address}">' in page
    assert '<meta property="og:image:alt" content="“Stop it”, and how many people have signed">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page


def test_the_qr_code_is_a_drawing_that_depends_on_the_address_alone(get, client, pledge):
    answer = get("qr.svg")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(answer.content).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - ours
    counted(pledge, 500)
    assert get("qr.svg").content == answer.content
    other = PledgeFactory(slug="another-address")
    assert client.get(f"{other.get_absolute_url()}qr.svg").content != answer.content


def test_the_poster_has_all_that_passers_by_need(get, pledge, settings):
    settings.SITE_URL = "https://campaign.example"
    pledge.summary = "Because we can't look away."
    pledge.save()
    answer = get("poster.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    reader = poster_of(answer)
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


def test_a_title_that_runs_from_right_to_left_begins_at_the_right(get, pledge):
    for title, at_the_right in (("Stop", False), ("עוצרים", True)):
        pledge.title = title
        pledge.save()
        ((across, _up),) = placed(poster_of(get("poster.pdf")), set(title))
        assert (across > 300) is at_the_right


def test_even_one_long_word_stays_within_the_head_of_the_poster(get, pledge):
    pledge.title = "W" * 150
    pledge.save()
    lines = placed(poster_of(get("poster.pdf")), {"W"})

    assert len(lines) > 1
    assert {across for across, _up in lines} == {48}
    assert all(A4_HIGH - 218 < up < A4_HIGH - 60 for _across, up in lines)


def test_a_poster_holds_many_demands_and_goes_on_when_they_are_too_many(get, pledge):
    for number in range(8):
        Demand.objects.create(pledge=pledge, text=f"Demand {number}: " + "a fair inquiry, and soon. " * 4, order=9)
    assert len(poster_of(get("poster.pdf")).pages) == 1

    for number in range(8, 20):
        Demand.objects.create(pledge=pledge, text=f"Demand {number}: " + "a fair inquiry, and soon. " * 20, order=9)
    reader = poster_of(get("poster.pdf"))
    assert len(reader.pages) > 1
    assert "Demand 19:" in text_of(reader)


def test_letters_without_a_font_of_ours_leave_the_poster_readable(get, pledge):
    pledge.title = "维吾尔 Stop"
    pledge.save()
    assert "What we demand" in text_of(poster_of(get("poster.pdf")))


def test_words_are_never_read_as_markup(get, pledge):
    pledge.title = '#read("/etc/passwd") *bold* $x$'
    pledge.save()
    assert pledge.title.replace(" ", "") in text_of(poster_of(get("poster.pdf"))).replace(" ", "")


def test_the_badge_may_be_framed_by_anyone_and_nothing_else_may(get):
    badge = get("badge/")

    assert "X-Frame-Options" not in badge.headers
    assert badge.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    policy = badge.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    for what in ("", "share/"):
        other = get(what)
        assert other.headers["X-Frame-Options"] == "DENY"
        assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]


def test_a_browser_that_asks_again_is_not_told_that_the_badge_may_not_be_framed(get):
    first = get("badge/")
    again = get("badge/", if_none_match=first.headers["ETag"])

    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]
    assert again.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_policy_lets_the_badges_own_style_through_and_no_other(get):
    answer = get("badge/")
    style = re.search(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_the_badge_shows_the_count_and_leads_out_of_the_frame(get, pledge, settings):
    settings.SITE_URL = "https://campaign.example"
    counted(pledge, 1234)
    page = get("badge/").content.decode()

    assert "<strong>1,234</strong> people have signed of 2,000" in page
    assert '<progress value="1234"' in page
    assert f'<a href="https://campaign.example{pledge.get_absolute_url()}" target="_top">' in page
    assert "Add your name" in page
    assert "src=" not in page

    pledge.closes_at = pledge.updated_at
    pledge.save()
    assert "Add your name" not in get("badge/").content.decode()


def test_the_share_page_offers_all_of_it(get, pledge, settings):
    settings.SITE_URL = "https://campaign.example"
    page = get("share/").content.decode()

    path = pledge.get_absolute_url()
    for what in ("share.png", "qr.svg", "poster.pdf", "badge/"):
        assert f'href="{path}{what}"' in page
    assert f"https://campaign.example{path}</a>" in page
    assert f"&lt;iframe src=&quot;https://campaign.example{path}badge/&quot;" in page
    assert re.search(r"<textarea[^>]* readonly", page)


def test_a_title_breaks_out_of_the_snippet_neither_here_nor_there(get, pledge):
    pledge.title = '"></iframe></textarea><b>x'
    pledge.save()
    page = get("share/").content.decode()

    snippet = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    assert "&amp;quot;&amp;gt;&amp;lt;/iframe" in snippet


@pytest.mark.parametrize("what", ["", "thank-you/"])
def test_who_passes_it_on_is_led_to_the_share_page(get, pledge, what):
    assert f'href="{pledge.get_absolute_url()}share/"' in get(what).content.decode()
