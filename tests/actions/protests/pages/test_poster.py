"""A protest's poster: one A4 sheet for notice boards."""

from datetime import UTC, date, datetime, time
from io import BytesIO

import pikepdf
import pypdf
import pytest

from actions.protests.models import ProtestChange
from tests.actions.factories import PlaceFactory, ProtestFactory
from tests.factories import SiteSettingsFactory, publish

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
FIRST, SUNDAY = date(2026, 11, 24), date(2026, 12, 6)
ONE_OFF = {"repeats": "dates", "days": [SUNDAY], "first_on": SUNDAY, "last_on": SUNDAY, "weekdays": []}


@pytest.fixture(autouse=True)
def _now(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory(name="A campaign")


@pytest.fixture
def poster(client):
    """Return the response with the poster of the only protest."""
    return lambda: client.get("/protests/it/poster.pdf")


def make(**fields):
    return ProtestFactory(slug="it", **fields)


def read(response):
    """Return a poster's number of pages, and its text on one line."""
    assert response.headers["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(BytesIO(response.content)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_poster_of_a_series_says_when_where_and_what_to_bring(poster, settings):
    settings.SITE_URL = "https://campaign.example"
    place = PlaceFactory(name="The embassy", address="1 Road\nLondon", stations="Golders Green", step_free="By lift")
    make(schedule__place=place, what_to_bring="<ul><li>A candle</li><li>Gloves</li></ul>")
    pages, text = read(poster())

    assert pages == 1
    for words in (
        *("A campaign", "Weekly protest", "Every Tuesday, 6pm to 7pm", "The embassy", "1 Road, London"),
        *("Next dates", "Tuesday 24 November 2026, 6pm to 7pm", "What to bring", "A candle", "Gloves"),
        *("How to get there", "Golders Green", "By lift", "campaign.example/protests/it"),
    ):
        assert words in text


def test_the_poster_of_a_one_off_names_its_day_and_no_other_date(poster):
    make(**{f"schedule__{name}": value for name, value in ONE_OFF.items()})
    _pages, text = read(poster())

    assert "Sunday 6 December 2026 6pm to 7pm" in text
    for words in ("Every", "every", "Next dates"):
        assert words not in text


def test_no_cancelled_date_is_advertised(poster):
    protest = make()
    first = poster().content
    ProtestChange.objects.create(protest=protest, on=FIRST, kind="cancelled")
    again = poster()
    _pages, text = read(again)

    assert again.content != first
    assert "24 November" not in text
    assert "Tuesday 1 December 2026" in text


def test_a_cancelled_one_off_is_not_advertised(poster):
    protest = make(**{f"schedule__{name}": value for name, value in ONE_OFF.items()})
    ProtestChange.objects.create(protest=protest, on=SUNDAY, kind="cancelled")
    _pages, text = read(poster())

    assert "6 December" not in text
    assert "Join us" not in text
    assert "Look up the next date on our page" in text


def test_a_date_that_was_held_early_is_not_advertised(poster):
    protest = make()
    ProtestChange.objects.create(protest=protest, on=FIRST, kind="moved", new_on=NOW.date(), new_start=time(9))
    _pages, text = read(poster())

    assert "November" not in text


def test_a_moved_date_has_its_own_place_and_the_rest_the_usual_one(poster):
    protest = make()
    change = {"new_on": date(2026, 11, 25), "new_place": PlaceFactory(name="The park", address="2 Lane")}
    ProtestChange.objects.create(protest=protest, on=FIRST, kind="moved", **change)
    _pages, text = read(poster())

    assert "Wednesday 25 November 2026, 6pm to 7pm: The park" in text
    assert "The embassy 11 West Heath Road, London" in text
    assert "2 Lane" not in text


@pytest.mark.parametrize(
    ("title", "language"),
    [("W" * 150, "en-gb"), ("long words of a title " * 6, "en-gb"), ("משמרת שבועית", "he"), ("ئەلچىخانا", "ug")],
    ids=["one word", "long", "hebrew", "uyghur"],
)
def test_any_title_fits_one_sheet_tagged_for_screen_readers(poster, title, language):
    place = PlaceFactory(name="N" * 150, address="An address. " * 30, stations="S " * 150, step_free="F " * 150)
    make(title=title, language=language, schedule__place=place, what_to_bring="<p>" + "Bring it. " * 90 + "</p>")

    with pikepdf.open(BytesIO(poster().content)) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert str(document.Root.Lang).lower() == language
        assert len(document.pages) == 1


def test_the_poster_is_made_once_while_nothing_changes_and_no_cache_keeps_it_past_its_date(
    poster, time_machine, settings, django_assert_num_queries
):
    settings.PAGE_CACHE_SECONDS = 30
    protest = make()
    time_machine.move_to(datetime(2026, 11, 24, 18, 59, 50, tzinfo=UTC), tick=False)
    first = poster()
    with django_assert_num_queries(5):
        again = poster()
    assert again.content == first.content
    assert "s-maxage=10" in first.headers["Cache-Control"]
    assert not first.cookies

    publish(protest, title="Another title")
    assert "Another title" in read(poster())[1]


def test_an_unpublished_protest_has_no_poster(poster):
    make(published=False)
    assert poster().status_code == 404


def test_the_page_links_to_the_poster(client):
    make()
    assert 'href="/protests/it/poster.pdf"' in client.get("/protests/it/").content.decode()
