"""The badge of a pledge in a frame of another site's page, in a real browser."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.factories import PledgeFactory, SiteSettingsFactory

FRAME = '<!DOCTYPE html><link rel="icon" href="data:,"><iframe src="{}badge/" width="320" height="140"></iframe>'
BEYOND = "() => ['Height', 'Width'].map(side => document.scrollingElement[`scroll${side}`] - window[`inner${side}`])"


@pytest.fixture
def pledge(transactional_db):
    SiteSettingsFactory()
    return PledgeFactory(title=("We ask the Government to act for the Uyghurs now, and not to look away. " * 3)[:150])


@pytest.fixture
def address(pledge, live_server, settings, page):
    """The pledge's address, with its badge in the page of a partner at another address, which the browser shows."""
    settings.SITE_URL = live_server.url
    address = f"{live_server.url}{pledge.get_absolute_url()}"

    class Partner(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(FRAME.format(address).encode())

        def log_message(self, *words):
            """Nothing to the output of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Partner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield address
        server.shutdown()


def link_in(page):
    return page.frame_locator("iframe").get_by_role("link", name="Add your name")


def test_another_sites_page_shows_it_with_its_own_style_however_often(address, page):
    expect(link_in(page)).to_be_visible()
    page.reload()
    expect(link_in(page)).to_be_visible()
    assert link_in(page).evaluate("a => getComputedStyle(a).backgroundColor") == "rgb(184, 64, 14)"


def test_all_of_it_fits_the_smallest_frame_and_its_link_leads_out(address, page):
    expect(link_in(page)).to_be_visible()
    assert page.frame(url=f"{address}badge/").evaluate(BEYOND) == [0, 0]
    link_in(page).click()
    page.wait_for_url(address)
