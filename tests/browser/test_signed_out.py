"""The editor when its organiser's session ends: nothing is lost, and nobody else gets the text."""

import re

import pytest
from allauth.mfa.adapter import get_adapter
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from campaign.editing.models import WorkingCopy
from campaign.pages.models import Page
from tests.accounts.organisers import PASSWORD, code, give_authenticator, make_organiser, sign_in
from tests.browser.test_editor import button, carry_session
from tests.factories import PageFactory, SiteSettingsFactory


@pytest.fixture
def secrets(transactional_db, page, client, live_server):
    """Open the form of a page as Ada; return the secrets of her authenticator and of Grace's."""
    SiteSettingsFactory()
    statement = PageFactory(title="Our statement", slug="statement")
    kept = sign_in(client).authenticator_set.get(type="totp").data["secret"]
    carry_session(page, client, live_server)
    page.goto(f"/admin/pages/page/{statement.pk}/change/")
    return {"ada": get_adapter().decrypt(kept), "grace": give_authenticator(make_organiser("grace", is_superuser=True))}


def test_text_outlives_the_session_and_only_its_organiser_can_save_it(secrets, page, allow_errors):
    allow_errors(re.compile("status of 40[13]"))
    Session.objects.all().delete()
    page.locator("#id_title").fill("Half a title")
    button(page, "Save the draft").press("Enter")
    said = page.locator("[data-kept]")
    expect(said).to_contain_text("You have been signed out.")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").press("Enter")
    other = opened.value

    _sign_in(other, "grace", secrets)
    button(page, "Save the draft").press("Enter")
    expect(said).to_contain_text("This text belongs to ada")
    other.goto(page.url)
    expect(other.locator("#id_title")).to_have_value("Our statement")
    assert other.get_by_text("that you did not save").count() == 0
    assert not WorkingCopy.objects.exists()

    button(other, "Sign out").press("Enter")
    other.goto("/accounts/login/")
    _sign_in(other, "ada", secrets)
    expect(said).to_contain_text("Kept at", timeout=7000)
    expect(page.locator("#id_title")).to_have_value("Half a title")
    button(page, "Save the draft").press("Enter")
    page.wait_for_selector(".messagelist .success")
    assert Page.objects.get().title == "Half a title"


def _sign_in(page, name, secrets):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code").fill(code(secrets[name]))
    page.get_by_role("button", name="Sign in").press("Enter")
    page.wait_for_url("**/admin/")
