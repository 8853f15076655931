"""axe finds no fault on any page of the admin, with every kind of row added and with errors shown."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.accounts.organisers import sign_in
from tests.browser.admin_pages import addresses, app_labels
from tests.prove.conftest import site, stripe  # noqa: F401 - fixtures
from tests.sizes import size

LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
NO_PAGE = re.compile(r"status of 40[345]")
EMPTY = """() => document.querySelectorAll("#content form :is(input, textarea):not([type=hidden])").forEach((box) => {
  if (/text|textarea|email|url|number/.test(box.type)) box.value = "";
})"""

# When the scheme changes, colours fade into the new ones: finish that first.
SETTLE = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  document.getAnimations().forEach((one) => one.finish());
  done();
})))"""


@pytest.fixture
def organiser(site, page, client, live_server, allow_errors):  # noqa: F811
    """Sign an organiser in; return the browser's page."""
    allow_errors(NO_PAGE)
    site.organiser = sign_in(client)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return page


def faults(page):
    """Return each fault that axe finds on the page now, and any sideways scrolling, in each size and scheme."""
    expect(page.locator("[role=textbox]:not([aria-label])")).to_have_count(0)  # wait until the editors are set up
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLE)
        result = Axe().run(page, options={"preload": False})  # preloading breaks the policy
        for rule in result.response["violations"]:
            found += [(width, scheme, rule["id"], *node["target"]) for node in rule["nodes"]]
        wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        found += [(width, scheme, "too wide", wide)] if wide > 0 else []
    return found


def open_rows(page):
    """Add a row to each group of rows, and a block of each kind."""
    for link in page.locator(".inline-group .add-row a, .inline-group a.addlink").all():
        if link.is_visible():
            link.click()
    for number in range(page.locator(".plugin-buttons .plugin-button").count()):
        page.locator(".order-machine-insert-target.last").click()
        page.locator(".plugin-buttons .plugin-button").nth(number).click()


def states(page, address):
    """Open a page, add rows to its form, then send the form with empty boxes; yield the name of each state."""
    response = page.goto(address)
    if response.status != 200:
        return
    yield "open"
    if page.locator(".inline-group").count():
        open_rows(page)
        yield "rows"
    save = page.locator("[name=_save], #content form:not(#changelist-search) [type=submit], main form [type=submit]")
    if re.search(r"/(add|change|login|activate|reauthenticate)/$", urlsplit(page.url).path) and save.count():
        page.evaluate(EMPTY)
        save.first.click()
        page.wait_for_load_state()
        if page.locator(".errornote, .errorlist, .error-summary").count():
            yield "errors"


@pytest.mark.parametrize("app_label", size([], app_labels()))
def test_no_page_has_a_fault(organiser, app_label):
    found = []
    for address in addresses(app_label):
        for state in states(organiser, address):
            found += [(address, state, *fault) for fault in faults(organiser)]

    assert found == []
