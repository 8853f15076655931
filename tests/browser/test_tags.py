"""A tag in the address of the home page or of an update goes along to the pledge."""

import pytest

from campaign.pages.models import Action
from tests.factories import PledgeFactory, SiteSettingsFactory, UpdateFactory, publish


@pytest.fixture
def pledge(transactional_db):
    SiteSettingsFactory(name="A campaign")
    return PledgeFactory(on_home_page=True, slug="stop-it")


def test_a_tag_goes_along_from_the_home_page_by_an_update_to_the_pledge(page, live_server, pledge):
    update = UpdateFactory(title="We met", slug="we-met")
    Action.objects.create(parent=update, region="main", title="Act", label="Sign now", url="/pledges/stop-it/")
    publish(update, check=False)
    page.goto(f"{live_server.url}/?via=leeds-leaflet")
    page.get_by_role("link", name="We met").first.click()
    assert page.url == f"{live_server.url}/updates/we-met/?via=leeds-leaflet"
    page.get_by_role("link", name="Sign now").click()

    assert page.url == f"{live_server.url}/pledges/stop-it/?via=leeds-leaflet"
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("via", ["", "%3Cb%3E", "a" * 51])
def test_what_cannot_be_a_tag_is_not_passed_on(page, live_server, pledge, via):
    page.goto(f"{live_server.url}/?via={via}")

    assert page.locator('a[href="/pledges/stop-it/"]').count()
    assert not page.locator('a[href*="via="]').count()
