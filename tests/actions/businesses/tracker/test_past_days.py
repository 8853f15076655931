"""The tracker as it was at the end of a past day: `?day=2026-11-01`."""

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.utils import timezone

from actions.businesses.models import DailyFigures, Kind
from actions.businesses.tracker import figures, listing
from actions.businesses.tracker.days import end_of
from actions.businesses.tracker.figures import add_figures, figures_of
from actions.businesses.tracker.snapshots import snapshot
from tests.actions.businesses.ledger import add, approved, check, deliver, publish_claim, seal
from tests.actions.factories import BrandFactory

pytestmark = pytest.mark.django_db


def at(day, hour=12, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def brand(db, time_machine):
    """Put a brand on the tracker on 1 November."""
    time_machine.move_to(at(1), tick=False)
    return BrandFactory(slug="cotton", contact="press@cotton.example")


@pytest.fixture
def history(brand, ada, grace, time_machine):
    """Record a commitment on 2 November, a claim published on 20 November, and a correction of it on 22 November."""
    time_machine.move_to(at(2), tick=False)
    add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2026, 9, 1))
    claim = add(brand, Kind.BROKEN, ada, grace, note="It still buys there.", happened_on=date(2026, 10, 1))
    deliver(claim)
    time_machine.move_to(at(20), tick=False)
    publish_claim(claim, ada, grace)
    time_machine.move_to(at(22), tick=False)
    check(brand.record(Kind.RETRACTION, ada, corrects=claim, note="We mixed up two companies."), grace)
    time_machine.move_to(at(25), tick=False)
    return claim


def test_a_past_day_shows_what_had_been_recorded_by_its_end_and_what_was_corrected_since(get, history):
    assert "Committed in full" in get("cotton/")
    assert "Committed in full" in get(day="2026-11-19")
    for path, correction in (("", "Corrected"), ("cotton/", "Withdrawn")):
        text = get(path, day="2026-11-20")
        assert "Commitment broken" in text
        assert "as it was at the end of 20 November 2026" in text
        assert f"{correction} on 22 November 2026." in text
    assert "We mixed up two companies." in get("cotton/", day="2026-11-20")
    assert "It still buys there." not in get("cotton/", day="2026-11-19")


def test_a_day_ends_at_midnight_in_the_sites_zone(get, ada, grace, time_machine):
    time_machine.move_to(datetime(2026, 7, 1, 22, 59, tzinfo=UTC), tick=False)  # 23:59 in London
    brand = BrandFactory()
    add(brand, Kind.COMMITMENT, ada, grace, level="talks")
    time_machine.move_to(datetime(2026, 7, 1, 23, 1, tzinfo=UTC), tick=False)
    add(brand, Kind.COMMITMENT, ada, grace)
    time_machine.move_to(at(1), tick=False)

    assert "In talks" in get(day="2026-07-01")
    assert "Committed in full" in get(day="2026-07-02")


def test_a_day_that_cannot_be_shown_gets_a_clear_message(client, get, history):
    problems = {
        "2026-11-26": "still to come",
        "9999-12-31": "still to come",
        "1999-12-31": "Enter a day in 2000 or later",
        "yesterday": "Enter a day such as",
        "2026-02-30": "Enter a day such as",
    }
    for day, words in problems.items():
        text = get("cotton/", day=day)
        assert words in text
        assert "Committed in full" in text
        response = client.get("/businesses/tracker.json", {"day": day})
        assert response.status_code == 400
        assert words in response.content.decode()
        assert "no-store" in response.headers["Cache-Control"]
    assert words in get(day=day)


def test_search_engines_list_only_the_current_page_and_caches_keep_both(client, history):
    for path in ("/businesses/", "/businesses/cotton/"):
        past, present = client.get(path, {"day": "2026-11-20"}), client.get(path)
        assert past.headers["X-Robots-Tag"] == "noindex"
        assert "X-Robots-Tag" not in present.headers
        for response in (past, present):
            assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">'.encode() in response.content
            assert "public" in response.headers["Cache-Control"]
            assert not response.cookies


def test_today_shows_the_current_tracker(get, history):
    assert "This is the page as it was" not in get(day="2026-11-25")


def test_a_brand_that_was_not_on_the_tracker_says_so(client, get, history):
    assert "No brand had been recorded by then." in get(day="2025-01-01")
    assert "This brand was not on the tracker on 1 January 2025." in get("cotton/", day="2025-01-01")
    assert client.get("/businesses/wool/", {"day": "2026-11-20"}).status_code == 404


def test_a_brand_taken_off_the_site_stays_in_the_past(client, get, brand, history, time_machine):
    brand.published = False
    brand.save()
    assert client.get("/businesses/cotton/").status_code == 404
    time_machine.move_to(at(27), tick=False)
    assert "Commitment broken" in get("cotton/", day="2026-11-20")
    assert "/businesses/cotton/?day=2026-11-20" in get(day="2026-11-20")


def redact(entry, first, second):
    """Redact an entry as two organisers would."""
    seal()
    request = approved("businesses.redact", entry.pk, first, second)
    seal()
    entry.redact("It named somebody", request, timezone.now())


def keep_nothing_for(days):
    """Keep figures without brands for these days of November, so that they need not be worked out."""
    fields = {"made_at": timezone.now(), "counts": {}, "are_examples": False}
    DailyFigures.objects.bulk_create([DailyFigures(day=date(2026, 11, day), **fields) for day in days])


def test_the_figures_of_every_day_are_kept_and_worked_out_again_after_a_redaction(
    get, history, ada, grace, time_machine, monkeypatch
):
    monkeypatch.setattr(figures, "MAX_AT_ONCE", 3)
    keep_nothing_for(range(1, 18))
    added = [add_figures(timezone.now()) for _batch in range(4)]
    kept = {row.day: (row.counts, row.are_examples) for row in DailyFigures.objects.all()}

    assert added == [3, 3, 1, 0]
    assert kept[date(2026, 11, 19)] == ({"full": 1}, False)
    assert kept[date(2026, 11, 20)] == ({"broken": 1}, False)
    assert max(kept) == date(2026, 11, 24)
    again = [figures_of(date(2026, 11, day), timezone.now()) for day in (19, 20, 24)]
    assert all((row.counts, row.are_examples) == kept[row.day] for row in again)
    text = get()
    assert "The days on which the numbers changed" in text
    assert "<polyline" in text

    time_machine.move_to(at(25, 13), tick=False)
    redact(history, ada, grace)
    time_machine.move_to(at(25, 14), tick=False)
    assert add_figures(timezone.now()) == 3
    assert not DailyFigures.objects.filter(day=date(2026, 11, 20)).exists()
    keep_nothing_for(range(5, 20))
    add_figures(timezone.now())
    assert DailyFigures.objects.get(day=date(2026, 11, 20)).counts == {"full": 1}


def test_a_past_day_counts_only_what_had_been_recorded_then(client, history):
    BrandFactory(slug="wool", publish=False)
    data = client.get("/businesses/tracker.json", {"day": "2026-11-20"}).content
    assert data == snapshot(end_of(date(2026, 11, 20)))


def test_past_days_push_nothing_out_of_the_cache(get, history, settings, monkeypatch):
    options = {"LOCATION": "small", "OPTIONS": {"MAX_ENTRIES": 3}}
    settings.CACHES = settings.CACHES | {"rendered": settings.CACHES["rendered"] | options}
    computed = []
    monkeypatch.setattr(listing, "snapshot", lambda moment: computed.append(moment) or snapshot(moment))
    get("tracker.json")
    for day in range(1, 9):
        get("tracker.json", day=f"2026-11-{day:02}")
    get("tracker.json")

    assert len(computed) == 1 + 8
