"""How long caches may keep a page: never past the next time at which a version goes live or expires."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse

from campaign.pages.caching import cacheable
from pledges.models import Pledge
from tests.actions.factories import BrandFactory, LetterFactory
from tests.factories import OrganiserFactory, PageFactory, PledgeFactory, SiteSettingsFactory, publish

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SHARED = 30  # seconds: PAGE_CACHE_SECONDS
BUSINESSES = ("/businesses/", "/businesses/cotton/", "/businesses/cotton/card/", "/businesses/tracker.json")


def lifetime(response):
    """Return how many seconds a front cache may keep a response."""
    return int(re.search(r"s-maxage=(\d+)", response.headers["Cache-Control"])[1])


@pytest.fixture
def site(db, settings, time_machine):
    """Create a page, a letter and a pledge, at noon; return another page."""
    settings.PAGE_CACHE_SECONDS = SHARED
    time_machine.move_to(NOON, tick=False)
    SiteSettingsFactory()
    LetterFactory(slug="act")
    BrandFactory(slug="cotton")
    PledgeFactory(slug="stop", on_home_page=True)
    PageFactory(slug="why")
    return PageFactory(slug="other")


@pytest.fixture
def lifetimes(client, site):
    """Return a function that returns how many seconds front caches may keep pages and files of every kind."""
    pledge = ("", "count.json", "share.png", "poster.pdf", "badge/", "signatories/")
    paths = ("/", "/why/", "/letters/act/", *(f"/pledges/stop/{name}" for name in pledge), *BUSINESSES)
    return lambda: {lifetime(client.get(path)) for path in paths}


def test_pages_are_kept_for_the_usual_time_if_nothing_is_scheduled(lifetimes):
    assert lifetimes() == {SHARED}


@pytest.mark.parametrize(("seconds", "kept"), [(86_400, SHARED), (30.5, 30), (10.9, 10), (1, 1), (0.9, 0)])
def test_no_page_is_kept_past_the_moment_when_any_version_goes_live(site, lifetimes, seconds, kept):
    site.publish(live_at=NOON + timedelta(seconds=seconds))

    assert lifetimes() == {kept}


@pytest.mark.parametrize(("seconds", "kept"), [(86_400, SHARED), (10.9, 10), (0.9, 0)])
def test_no_page_is_kept_past_the_moment_when_any_version_expires(site, lifetimes, seconds, kept):
    site.publish(expires_at=NOON + timedelta(seconds=seconds))

    assert lifetimes() == {kept}


def test_the_earliest_change_still_to_come_counts_unless_it_was_called_off(site, lifetimes, time_machine):
    site.publish(live_at=NOON + timedelta(seconds=2))
    site.publish(live_at=NOON + timedelta(seconds=20), expires_at=NOON + timedelta(seconds=24))
    called_off = site.publish(live_at=NOON + timedelta(seconds=8))
    called_off.cancel(OrganiserFactory(), NOON)
    seen = []
    for second in (0, 2, 20, 24):
        time_machine.move_to(NOON + timedelta(seconds=second), tick=False)
        seen.append(lifetimes())

    assert seen == [{2}, {18}, {4}, {SHARED}]


def test_a_page_rendered_once_for_all_readers_changes_on_time(client, site, time_machine):
    publish(Pledge.objects.get(), live_at=NOON + timedelta(seconds=5), title="A new title")
    seen = []
    for second in (0, 4, 5):
        time_machine.move_to(NOON + timedelta(seconds=second), tick=False)
        seen.append("A new title" in client.get("/pledges/stop/").content.decode())

    assert seen == [False, False, True]


def test_in_the_last_second_a_cache_gets_the_whole_page_and_keeps_nothing(client, site, time_machine):
    publish(site, live_at=NOON + timedelta(seconds=5), title="New")
    tag = client.get("/other/").headers["ETag"]
    seen = []
    for seconds in (4, 4.5, 5):
        time_machine.move_to(NOON + timedelta(seconds=seconds), tick=False)
        seen.append(client.get("/other/", headers={"if-none-match": tag}).status_code)

    assert seen == [304, 200, 200]


def test_a_page_is_not_kept_if_a_version_goes_live_while_it_is_rendered(site, rf, time_machine):
    site.publish(live_at=NOON + timedelta(seconds=1))

    @cacheable
    def slow(request):
        time_machine.shift(2)
        return HttpResponse("as it was")

    assert lifetime(slow(rf.get("/"))) == 0
