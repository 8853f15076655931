"""Writing a letter in a real browser: with scripts and without, by keyboard, and in print."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import expect

from actions.letters.models import Letter
from campaign.letters.similarity import likeness
from tests.actions.factories import RecipientFactory

PHONE = {"width": 360, "height": 740}
HAMPSTEAD = "E14001265"
OWN = "My grandmother came to London in 1939 with one suitcase. “Never again” – לעולם לא – ئۇنتۇمايمىز 🕯."


@pytest.fixture
def campaign(transactional_db):
    call_command("load_campaign")
    RecipientFactory(body=Letter.objects.first().recipients, area_code=HAMPSTEAD)


def write(page, url):
    """Fill in the form and send it; end at the preview."""
    page.goto(f"{url}/letters/treatment-of-uyghurs/?constituency={HAMPSTEAD}")
    for point in page.get_by_role("checkbox").all()[:2]:
        point.check()
    page.get_by_label(re.compile("In your own words")).fill(OWN)
    page.get_by_label("Your name").fill("Ruth Feldman")
    page.get_by_label("Your full address, with postcode").fill("1 High Street\nLondon NW3 7UX")
    page.get_by_role("button", name="See my letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letter")


def test_a_letter_is_found_written_and_downloaded_without_scripts(campaign, live_server, browser):
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/letters/find-your-mp/")
        page.get_by_label("Your constituency").select_option(HAMPSTEAD)
        page.get_by_role("button", name="Find my MP").click()
        expect(page.get_by_text("Ms Jane Doe MP")).to_be_visible()
        page.get_by_role("link", name=re.compile("treatment of Uyghurs")).last.click()
        assert f"constituency={HAMPSTEAD}" in page.url
        write(page, live_server.url)
        expect(page.get_by_role("button", name="Copy the text")).to_be_hidden()
        with page.expect_download() as letter:
            page.get_by_role("button", name="PDF").click()
        assert letter.value.suggested_filename == "treatment-of-uyghurs.pdf"
        page.get_by_role("button", name="I have sent it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for writing")
        assert context.cookies() == []


def test_the_similarity_follows_the_text_and_matches_the_servers(campaign, live_server, page):
    write(page, live_server.url)
    text, percent = page.get_by_label(re.compile("change whatever you like")), page.locator("#percent")
    templates = json.loads(page.locator("#templates").text_content())

    for typed in (OWN * 30, "short", templates[1], f"{templates[1]}\n\n  {OWN}"):
        text.fill(typed)
        measured = likeness(typed, templates)
        expect(percent).to_have_text(str(measured.percent))
        expect(page.locator("#missing")).to_have_text(str(measured.missing))
    text.fill(OWN * 30)
    expect(page.get_by_text("Good: this is your own letter.")).to_be_visible()
    before = percent.inner_text()
    page.get_by_role("button", name="Check again").click()
    assert percent.inner_text() == before


def test_text_typed_before_the_script_loads_is_measured_too(campaign, live_server, page):
    held_routes = []
    page.route("**/letter*.js", lambda route: held_routes.append(route))
    write(page, live_server.url)
    page.get_by_label(re.compile("change whatever you like")).fill(OWN * 30)
    expect(page.locator("#percent")).not_to_have_text("0")

    held_routes[0].continue_()

    expect(page.locator("#percent")).to_have_text("0")


def test_the_preview_passes_axe_fits_a_phone_and_prints_only_the_letter(campaign, live_server, page):
    write(page, live_server.url)
    for width, scheme in ((1280, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in violations] == []
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    page.emulate_media(media="print")
    expect(page.get_by_role("group", name="The letter")).to_be_visible()
    for furniture in (page.get_by_role("heading", level=1), page.get_by_role("button", name="PDF")):
        expect(furniture).to_be_hidden()


def test_a_letter_can_be_written_by_keyboard(campaign, live_server, page):
    page.goto(f"{live_server.url}/letters/treatment-of-uyghurs/?constituency={HAMPSTEAD}")
    page.get_by_role("checkbox").first.focus()
    for _ in range(2):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    assert page.get_by_role("checkbox", checked=True).count() == 2
    page.get_by_label(re.compile("In your own words")).focus()
    page.keyboard.type("Mine.")
    for text in ("", "Ruth Feldman", "1 High Street"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letter")
