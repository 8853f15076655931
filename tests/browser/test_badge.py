"""A pledge's badge, framed by another site's page, in a real browser."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.factories import PledgeFactory, SiteSettingsFactory
from tests.servers import running

FRAME = '<!DOCTYPE html><link rel="icon" href="data:,"><iframe src="{}badge/" width="320" height="140"></iframe>'
OVERFLOW = "() => ['Height', 'Width'].map(side => document.scrollingElement[`scroll${side}`] - window[`inner${side}`])"


@pytest.fixture
def pledge(transactional_db):
    SiteSettingsFactory()
    return PledgeFactory(title=("We ask the Government to act for the Uyghurs now, and not to look away. " * 3)[:150])


@pytest.fixture
def pledge_url(pledge, live_server, settings, page):
    """Show the pledge's badge in a page of a partner's site; yield the pledge's URL."""
    settings.SITE_URL = live_server.url
    pledge_url = f"{live_server.url}{pledge.get_absolute_url()}"

    class Partner(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(FRAME.format(pledge_url).encode())

        def log_message(self, *arguments):
            """Log nothing."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Partner)) as server:
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield pledge_url


def badge_link(page):
    return page.frame_locator("iframe").get_by_role("link", name="Add your name")


def test_another_site_shows_the_badge_with_its_style_even_after_a_reload(pledge_url, page):
    expect(badge_link(page)).to_be_visible()
    page.reload()
    expect(badge_link(page)).to_be_visible()
    assert badge_link(page).evaluate("a => getComputedStyle(a).backgroundColor") == "rgb(184, 64, 14)"


def test_the_badge_fits_the_smallest_frame_and_its_link_leaves_it(pledge_url, page):
    expect(badge_link(page)).to_be_visible()
    assert page.frame(url=f"{pledge_url}badge/").evaluate(OVERFLOW) == [0, 0]
    badge_link(page).click()
    page.wait_for_url(pledge_url)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (360, 640)])
def test_the_badge_is_as_large_in_its_own_tab_as_in_a_frame(pledge_url, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{pledge_url}badge/")
    size = page.locator("main").bounding_box()

    assert size["width"] == 320
    assert 140 <= size["height"] < 180
