"""How long front caches keep pages that show a protest date."""

import re
from datetime import UTC, date, datetime

import pytest

from campaign.pages.models import SiteSettings
from tests.actions.factories import ProtestFactory
from tests.factories import PledgeFactory


def kept(response):
    return int(re.search(r"s-maxage=(\d+)", response.headers["Cache-Control"])[1])


@pytest.mark.parametrize("path", ["/", "/pledges/stop/thank-you/"])
def test_a_page_with_a_date_is_kept_for_two_seconds_and_never_past_its_end(client, db, settings, path, time_machine):
    settings.PAGE_CACHE_SECONDS = 30
    PledgeFactory(slug="stop")
    time_machine.move_to(datetime(2026, 11, 24, 18, 30, tzinfo=UTC), tick=False)
    assert kept(client.get(path)) == 30

    ProtestFactory(schedule__last_on=date(2026, 11, 24))
    assert kept(client.get(path)) == 2

    time_machine.move_to(datetime(2026, 11, 24, 18, 59, 59, tzinfo=UTC), tick=False)
    assert kept(client.get(path)) == 1
    time_machine.move_to(datetime(2026, 11, 24, 19, tzinfo=UTC), tick=False)
    assert kept(client.get(path)) == 30


def test_a_home_page_without_the_protest_section_is_kept_as_long_as_other_pages(client, db, settings):
    settings.PAGE_CACHE_SECONDS = 30
    ProtestFactory()
    site = SiteSettings.objects.create(name="A campaign", hero_title="Act")
    site.sections.create(kind="about")
    site.publish()

    assert kept(client.get("/")) == 30
