"""Signing in, in a real browser: with the keyboard alone, on a phone, and while somebody else guesses passwords."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect

from tests.accounts.organisers import PASSWORD, code, give_authenticator, log_in, make_organiser
from tests.factories import SiteSettingsFactory

WIDTHS = [360, 1280]


@pytest.fixture
def secret(transactional_db):
    SiteSettingsFactory(name="A campaign")
    return give_authenticator(make_organiser(is_superuser=True))


def sign_in_by_keyboard(page, otp):
    """Type username, password and code without a mouse; the cursor starts where it is needed."""
    page.goto("/admin/")
    expect(page.get_by_label("Username")).to_be_focused()  # a browser sets the focus a moment after loading the page
    for text in ("ada", PASSWORD, otp):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def faults(page):
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    result = Axe().run(page, options={"runOnly": rules, "preload": False})
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return [fault["id"] for fault in result.response["violations"]] + (["too wide"] if wide > 0 else [])


def test_username_password_and_code_are_typed_on_one_page_without_a_mouse(page, secret):
    sign_in_by_keyboard(page, code(secret))

    page.wait_for_url("**/admin/")


def test_a_password_manager_recognises_all_three_fields(page, secret):
    page.goto("/accounts/login/")

    expect(page.get_by_label("Username")).to_be_focused()
    boxes = {"Username": "username", "Password": "current-password", "Code": "one-time-code"}
    for label, kind in boxes.items():
        expect(page.get_by_label(label, exact=True)).to_have_attribute("autocomplete", kind)
    expect(page.get_by_label("Code")).to_have_attribute("inputmode", "numeric")


def test_the_form_and_its_error_pass_axe_and_fit_a_phone(page, secret):
    violations = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/accounts/login/")
        violations += faults(page)
        page.get_by_label("Username").fill("ada")
        page.get_by_label("Password", exact=True).fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("is incorrect")
        expect(page.get_by_role("alert")).to_be_focused()
        violations += faults(page)

    assert violations == []


def test_a_known_browser_can_sign_in_while_others_guess_passwords(page, secret, browser, live_server):
    spares = iter(User.objects.get().authenticator_set.get(type="recovery_codes").wrap().get_unused_codes())
    sign_in_by_keyboard(page, next(spares))
    page.wait_for_url("**/admin/")
    known = [one for one in page.context.cookies() if one["name"].startswith("known_browser_")]
    assert [(one["path"], one["sameSite"], one["httpOnly"]) for one in known] == [("/accounts/login/", "Strict", True)]
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    for number in range(6):
        log_in(Client(), password="wrong", address=f"198.51.100.{number}")

    with browser.new_context(base_url=live_server.url) as elsewhere:
        other = elsewhere.new_page()
        sign_in_by_keyboard(other, next(spares))
        expect(other.get_by_role("alert")).to_contain_text("use a browser you have signed in with before")
    sign_in_by_keyboard(page, next(spares))
    page.wait_for_url("**/admin/")


@pytest.fixture
def device(page):
    """Give the browser a virtual device that stores passkeys and recognises its owner; return its control session."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= dict.fromkeys(["hasResidentKey", "hasUserVerification", "isUserVerified"], True)
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda command, **more: session.send(f"WebAuthn.{command}", {**made, **more})


def test_an_organiser_adds_a_passkey_and_signs_in_with_it_alone(page, secret, device):
    sign_in_by_keyboard(page, code(secret))
    page.wait_for_url("**/admin/")
    page.goto("/accounts/2fa/passkeys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/accounts/2fa/passkeys/add/")
    violations = faults(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/accounts/2fa/")
    page.get_by_role("link", name="Your passkeys").click()
    expect(page.get_by_text("Laptop, added on")).to_be_visible()
    violations += faults(page)
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()

    page.goto("/admin/pages/page/")
    device("setUserVerified", isUserVerified=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    device("setUserVerified", isUserVerified=True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/pages/page/")
    assert violations == []
