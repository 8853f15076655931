"""Names disappear from the cache of the real nginx within a minute, even for the first visitor."""

import time

import pytest
from django.utils import timezone

from campaign.public_names.models import Hiding
from pledges.counting.publishing import publish_counts
from tests.accounts.organisers import make_organiser
from tests.checkouts import HERE
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory
from tests.front import NGINX, front
from tests.sizes import FULL
from tests.test_deploy import fetch

NAME = b"Ruth Feldman"
CACHED = 30  # seconds: PAGE_CACHE_SECONDS
prove = pytest.mark.skipif(not (NGINX and FULL), reason="It waits for minutes: run `make prove`, with nginx.")


def test_nginx_never_shows_an_old_page_while_it_fetches_the_new_one():
    """Otherwise the first visitor after a quiet minute and a half would see names that were hidden long before."""
    assert "proxy_cache_background_update" not in (HERE / "deploy" / "nginx.conf").read_text()


@pytest.fixture
def site(transactional_db, tmp_path):
    """Start both servers, with a public name on the home page's pledge; yield them, with the addresses of the pages."""
    SiteSettingsFactory()
    pledge = PledgeFactory(on_home_page=True)
    SignatureFactory(pledge=pledge, public=True, name=NAME.decode())
    publish_counts()
    url = pledge.get_absolute_url()
    with front(tmp_path) as running:
        running.pages = ["/", url, f"{url}signatories/", f"{url}signatories/?before=9"]
        yield running


def names_in(site):
    """Return the pages that name somebody."""
    return [page for page in site.pages if NAME in fetch(site, page)[2]]


@prove
@pytest.mark.slow
def test_busy_pages_lose_their_names_within_a_minute(site):
    assert names_in(site) == site.pages
    hidden = time.monotonic()
    Hiding.begin(make_organiser(), Hiding.Reason.DANGER, timezone.now())
    while names_in(site):
        assert time.monotonic() - hidden < 60
        time.sleep(0.2)

    print(f"Names were gone after {time.monotonic() - hidden:.1f} s.")  # noqa: T201 - a figure for the record


@prove
@pytest.mark.slow
def test_quiet_pages_show_no_names_to_the_next_visitor(site):
    assert names_in(site) == site.pages
    Hiding.begin(make_organiser(), Hiding.Reason.DANGER, timezone.now())
    time.sleep(CACHED - 3)
    names_in(site)  # keeps the old pages in the cache for another minute
    time.sleep(50)

    assert names_in(site) == []
