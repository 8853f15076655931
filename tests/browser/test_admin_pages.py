"""axe finds no fault on any page of the admin, with every kind of row added and with errors shown."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.accounts.organisers import sign_in
from tests.browser.admin_pages import ACCOUNTS, BEFORE_SIGN_IN, addresses, app_labels, leads_to
from tests.prove.conftest import site, stripe  # noqa: F401 - fixtures
from tests.sizes import size

LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
SAVE = "[name=_continue], [name=_save], [name=ask], .submit-row [type=submit]"
SAVE_ACCOUNT = "body:not(:has(#container)) main [type=submit]"
HAS_FORM = re.compile(r"/(add|change|login|activate|reauthenticate|publish|lost-phone)/$")
POST_ONLY = 405
# A preview is shown in a sandboxed frame, where scripts don't run. Chromium logs an error about that.
SANDBOX = re.compile(r"^Blocked script execution in '\S+/preview/page/\S*' because the document's frame is sandboxed")
EMPTY = """() => document.querySelectorAll("#content form :is(input, textarea):not([type=hidden])").forEach((box) => {
  if (/text|textarea|email|url|number/.test(box.type)) box.value = "";
})"""

# When the colour scheme changes, the old colours fade into the new ones. Finish these animations first.
SETTLE = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  document.getAnimations().forEach((one) => one.finish());
  done();
})))"""


@pytest.fixture
def organiser(site, page, client, live_server, allow_errors):  # noqa: F811
    """Sign in an organiser who has just reauthenticated; return the browser's page."""
    allow_errors(SANDBOX)
    site.organiser = sign_in(client)
    session = client.session
    session["account_authentication_methods"][-1]["reauthenticated"] = True
    session.save()
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return page


def faults(page):
    """Return each fault that axe finds on the open page, and any sideways scrolling, in each size and colour scheme."""
    expect(page.locator("[role=textbox]:not([aria-label])")).to_have_count(0)  # wait until the editors are set up
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLE)
        result = Axe().run(page, options={"preload": False})  # our content security policy blocks preloading
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


def states(page, address, destination):
    """Open a page, add rows to its form, then submit the form with empty boxes; yield the name of each state."""
    response = page.goto(address)
    assert (response.status, urlsplit(page.url).path) == (200, destination), address
    if destination != urlsplit(address).path:
        return
    yield "open"
    if page.locator(".inline-group").count():
        open_rows(page)
        yield "rows"
    button = (
        page.locator("[name=_publish]")
        if page.locator("[name=_publish]").count()
        else page.locator(f"{SAVE}, {SAVE_ACCOUNT}")
    )
    if HAS_FORM.search(destination) and button.count():
        page.evaluate(EMPTY)
        send(page, button.first)
        if page.locator(".errornote, .errorlist, .error-summary, .problems").count():
            yield "errors"


def send(page, button):
    """Press a button and wait for the response, unless the browser itself refuses to submit an empty box."""
    if page.locator("form:not([novalidate]) :invalid").count():
        return
    with page.expect_navigation():
        button.click()


def walk(page, found):
    """Return the faults of pages, given the address of each and the path that it should open or redirect to."""
    return [
        (address, state, *fault)
        for address, destination in found
        for state in states(page, address, destination)
        for fault in faults(page)
    ]


@pytest.mark.parametrize("app_label", size([], app_labels()))
def test_no_page_has_a_fault(site, organiser, client, app_label, record_property):  # noqa: F811
    opened = [one for one in addresses(app_label, site.organiser) if client.get(one).status_code != POST_ONLY]
    found = [(address, leads_to(address)) for address in opened]
    faulty = walk(organiser, found)
    if app_label == ACCOUNTS:
        faulty += walk_with_passkey(organiser, site.organiser) + walk_signed_out(organiser)

    record_property("summary", f"{len(found)} addresses, {len(faulty)} faults")
    assert faulty == []


def walk_with_passkey(page, user):
    """Return the faults of the list of passkeys and of the page that removes one."""
    data = {"name": "Laptop", "credential": {}}
    passkey = Authenticator.objects.create(user=user, type="webauthn", data=data)
    passkeys = "/accounts/2fa/passkeys/"
    return walk(page, [(address, address) for address in (passkeys, f"{passkeys}{passkey.pk}/remove/")])


def walk_signed_out(page):
    """Return the faults of the pages that are for people who are not signed in."""
    page.context.clear_cookies()
    return walk(page, [(address, address) for address in BEFORE_SIGN_IN])
