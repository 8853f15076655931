"""Supporters on a phone and visitors without scripts, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from actions.businesses.examples import load_examples
from campaign.forms import guard
from campaign.mail.outbox import send_waiting
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.sizes import FULL, size

PHONE = {"width": 360, "height": 740}
PAGES = [
    "/",
    "/pledges/stop-uyghur-genocide/",
    "/pledges/stop-uyghur-genocide/signatories/",
    "/pledges/stop-uyghur-genocide/check-your-email/",
    "/pledges/stop-uyghur-genocide/thank-you/",
    "/pledges/stop-uyghur-genocide/my-signature/",
    "/pledges/stop-uyghur-genocide/lost-mailbox/",
    "/pledges/stop-uyghur-genocide/over-time/",
    "/pledges/stop-uyghur-genocide/organisations/",
    "/pledges/stop-uyghur-genocide/areas/",
    "/pledges/stop-uyghur-genocide/share/",
    "/pledges/stop-uyghur-genocide/badge/",
    "/statement/",
    "/uyghurs-in-china/",
    "/letters/",
    "/letters/uyghur-women/",
    "/letters/uyghur-women/sent/",
    "/letters/find-your-mp/",
    "/data-notes/",
    "/protests/",
    "/protests/weekly-embassy-protest/",
    "/donate/",
    "/businesses/",
    "/community/",
    "/community/join/",
    "/news/",
    "/businesses/example-shoe-shop/",
    "/privacy/",
    "/nothing-here/",
]


@pytest.fixture
def campaign(transactional_db, monkeypatch):
    # The browser fills in a form faster than people do; at the start of a minute that would look like a bot.
    monkeypatch.setattr(guard, "MIN_SECONDS_TO_FILL", 0)
    call_command("load_campaign")


def fill(page, **answers):
    page.get_by_label("Full name", exact=True).fill(answers.get("name", "Ruth Feldman"))
    page.get_by_label("E-mail address", exact=True).fill(answers.get("email", "ruth@example.org"))
    page.get_by_text("Postcode, country, organisation").click()
    page.get_by_label("Postcode", exact=False).first.fill("NW3 7UX")
    page.get_by_label(re.compile(answers.get("visibility", "^Private"))).check()
    page.get_by_label(re.compile("I have read")).check()


def sign(page):
    page.locator("form#sign button, form#sign input[type=submit]").last.click()


def test_a_supporter_signs_on_a_phone_is_counted_and_leaves_at_once(
    campaign, live_server, page, mailoutbox, allow_errors
):
    allow_errors(re.compile(f"^{settings.EXIT_URL}"))
    page.context.route(settings.EXIT_URL, lambda route: route.fulfill(body="Rain"))
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + "/")
    page.locator("main").get_by_role("link", name=re.compile("Sign the pledge", re.I)).first.click()
    name = page.get_by_label("Full name", exact=True).bounding_box()
    assert name["y"] + name["height"] < PHONE["height"]
    fill(page, visibility="^Public")
    sign(page)
    expect(page.get_by_role("alert")).to_contain_text("Ruth Feldman")
    assert not Signature.objects.exists()
    sign(page)
    page.wait_for_url("**/check-your-email/")

    send_waiting()
    link = re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]
    page.goto(live_server.url + link)
    assert Signature.objects.get().state == "pending"
    page.locator("main form button, main form input[type=submit]").first.click()
    page.wait_for_url("**/thank-you/")

    publish_counts()
    assert Pledge.objects.with_count().get().count == 1
    page.goto(live_server.url + "/pledges/stop-uyghur-genocide/signatories/")
    assert page.get_by_text("Ruth Feldman").is_visible()
    assert page.context.cookies() == []

    page.goto(live_server.url + "/pledges/stop-uyghur-genocide/thank-you/")
    for key in ("Shift", "Shift", "a", "Shift", "Shift"):
        page.keyboard.press(key)
    assert page.get_by_role("link", name="Exit this page").is_visible()
    page.keyboard.press("Shift")
    page.wait_for_url(settings.EXIT_URL)
    page.go_back()
    assert page.url.endswith("/signatories/")


def test_a_mistake_is_shown_beside_its_field_and_no_input_is_lost(campaign, live_server, page):
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + "/pledges/stop-uyghur-genocide/")
    fill(page, email="ruth@")
    sign(page)

    summary = page.get_by_role("alert")
    expect(summary).to_be_visible()
    assert summary.evaluate("box => box === document.activeElement || box.contains(document.activeElement)")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Full name", exact=True).input_value() == "Ruth Feldman"
    summary.get_by_role("link").first.click()
    focused = page.evaluate("document.activeElement.name")
    assert focused == "email"
    described = page.locator("[name=email]").get_attribute("aria-describedby").split()
    assert all(page.locator(f"#{name}").count() == 1 for name in described)


# Loading the campaign takes longer than looking at a page, so the gate does so only five times.
@pytest.mark.parametrize("paths", size([PAGES[first::5] for first in range(5)], [[path] for path in PAGES]))
def test_every_page_passes_axe_and_fits_a_narrow_screen(campaign, live_server, page, paths, allow_errors):
    allow_errors(re.compile("404"))
    load_examples(timezone.now())
    assert [fault for path in paths for fault in faults(page, live_server.url, path)] == []


def faults(page, site, path):
    """Return each fault that axe finds on a page, and each width of screen that the page is too wide for."""
    views = ((1280, "light"), (320, "dark"))
    # axe takes most of the time, so the gate runs it in one view at a time, in turn, and `make prove` in both.
    judged = views if FULL else (views[PAGES.index(path) % 2],)
    found = []
    for width, scheme in views:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.goto(site + path)
        violations = Axe().run(page).response["violations"] if (width, scheme) in judged else []
        found += [(path, width, v["id"], [n["target"] for n in v["nodes"]]) for v in violations]
        if page.evaluate("document.scrollingElement.scrollWidth - innerWidth") > 0:
            found.append((path, width, "too wide"))
    return found


def test_everything_works_without_scripts(campaign, live_server, browser, mailoutbox):
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(live_server.url + "/pledges/stop-uyghur-genocide/")
        fill(page, visibility="^Count me only")
        sign(page)
        page.wait_for_url("**/check-your-email/")
        send_waiting()
        link = re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]
        page.goto(live_server.url + link)
        page.locator("main form button, main form input[type=submit]").first.click()
        page.wait_for_url("**/thank-you/")

    assert Signature.objects.get().name is None


def test_a_visitor_downloads_a_letter_and_a_calendar(campaign, live_server, page):
    page.goto(live_server.url + "/letters/uyghur-women/")
    with page.expect_download() as letter:
        page.locator("a[href$='download.docx']").click()
    assert letter.value.suggested_filename.endswith(".docx")

    page.goto(live_server.url + "/protests/weekly-embassy-protest/")
    with page.expect_download() as calendar:
        page.locator("a[href^='/'][href$='.ics']").first.click()
    assert calendar.value.suggested_filename.endswith(".ics")


def test_pages_print_without_navigation(campaign, live_server, page):
    page.goto(live_server.url + "/uyghurs-in-china/")
    page.emulate_media(media="print")

    assert not page.get_by_role("navigation").first.is_visible()
    assert page.get_by_role("heading", level=1).is_visible()


def test_the_organisations_name_is_asked_for_only_when_an_organisation_signs(campaign, live_server, page):
    page.goto(live_server.url + "/pledges/stop-uyghur-genocide/")
    organisation = page.get_by_label("Name of the organisation")
    expect(organisation).to_be_hidden()
    page.get_by_text("Postcode, country, organisation").click()
    page.get_by_label("For an organisation").check()
    expect(organisation).to_be_visible()
