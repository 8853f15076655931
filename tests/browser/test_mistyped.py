"""On a phone: an address that looks mistyped, and a message that didn't arrive."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import expect

from campaign.forms import guard
from campaign.mail.models import Message
from pledges.models import Signature

PLEDGE = "/pledges/stop-uyghur-genocide/"
PHONE = {"width": 360, "height": 740}
MISTYPED, CORRECT = "ruth@gmial.com", "ruth@gmail.com"


@pytest.fixture
def campaign(transactional_db, monkeypatch):
    # The browser fills in a form faster than people do; at the start of a minute that would look like a bot.
    monkeypatch.setattr(guard, "MIN_SECONDS_TO_FILL", 0)
    call_command("load_campaign")


@pytest.fixture
def sign_mistyped(campaign, live_server, page):
    """Return a function that signs on a phone with a mistyped address; it returns the page that asks about it."""

    def sign(address=MISTYPED, width=PHONE["width"]):
        page.set_viewport_size(PHONE | {"width": width})
        page.goto(live_server.url + PLEDGE)
        page.get_by_role("textbox", name="Full name").fill("Ruth Feldman")
        page.locator("#id_email").fill(address)
        page.locator("#id_agree").check()
        page.get_by_role("button", name="Sign the pledge").click()
        expect(page.locator(".question")).to_be_focused()
        return page

    return sign


def test_the_question_and_both_buttons_are_visible_and_one_tap_signs(sign_mistyped):
    page = sign_mistyped()
    for name in ("No, sign with what I typed", "Yes, change it and sign"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Yes, change it and sign").click()
    page.wait_for_url("**/check-your-email/")

    assert Signature.objects.get().email == CORRECT
    assert "@" not in page.url


def test_enter_keeps_what_was_typed(sign_mistyped):
    page = sign_mistyped()
    page.get_by_role("textbox", name="Full name").press("Enter")
    page.wait_for_url("**/check-your-email/")

    assert Signature.objects.get().email == MISTYPED


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_long_address_fits_a_narrow_screen_and_passes_axe(sign_mistyped, page, scheme):
    page.emulate_media(color_scheme=scheme)
    sign_mistyped("a.very.long.address.of.somebody.with.many.names@gmial.com", width=320)

    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in Axe().run(page).response["violations"]] == []


def test_the_message_can_be_requested_again_without_scripts(campaign, live_server, browser):
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}{PLEDGE}check-your-email/")
        page.get_by_role("button", name="Send it again").click()
        page.get_by_role("link", name="Enter your e-mail address").click()
        page.locator("#again_email").fill("ruth@example.org")
        page.get_by_role("button", name="Send it again").click()
        page.wait_for_url("**/check-your-email/?again=1")
        expect(page.get_by_role("status")).to_contain_text("on its way")
        assert context.cookies() == []

    assert not Message.objects.exists()
