"""Donating in a real browser: from the form to Stripe's payment page (a stand-in's) and back."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from actions.fundraising.models import Declaration, Donation, DonationSettings, Fund, Payment
from tests.actions.factories import AppealFactory, FundFactory
from tests.actions.fundraising.conftest import PORTAL, SECRET
from tests.factories import SiteSettingsFactory
from tests.stripe_standin import stand_in

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def stripe(settings, live_server, transactional_db, monkeypatch):
    monkeypatch.setattr("actions.fundraising.forms.MIN_SECONDS_TO_FILL", 0)
    settings.SITE_URL = live_server.url
    SiteSettingsFactory()
    DonationSettings(portal_url=PORTAL).save()
    FundFactory(slug="cause", target=20_000)
    AppealFactory()
    with stand_in() as standin:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE = "sk_live_x", True
        settings.STRIPE_API_BASE, settings.STRIPE_WEBHOOK_SECRETS = standin.url, [SECRET]
        yield standin


@pytest.fixture
def plain_phone(browser, live_server):
    """Open a page on a small phone, without scripts."""
    with browser.new_context(viewport=PHONE, base_url=live_server.url, java_script_enabled=False) as context:
        yield context.new_page()


def continue_to_payment(page):
    page.get_by_role("button", name="Continue to payment").click()


def test_a_donation_on_a_phone_without_scripts(plain_phone, stripe):
    page = plain_phone
    page.goto("/donate/")
    assert page.locator("html").evaluate("e => e.scrollWidth") <= PHONE["width"]
    expect(page.get_by_label("Other amount, in pounds")).to_be_hidden()
    page.get_by_label("£25").check()
    page.get_by_label(re.compile("Add the card fee")).check()
    continue_to_payment(page)
    expect(page).to_have_url(re.compile(f"^{stripe.url}/pay/"))
    page.get_by_role("button", name="Pay").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your donation")
    assert Payment.objects.counted().net_total() == 2559


def test_gift_aid_is_declared_on_a_phone_without_scripts(plain_phone, stripe):
    Fund.objects.update(charity_name="Friends of the Campaign")
    page = plain_phone
    page.goto("/donate/")
    page.get_by_label("£10").check()
    expect(page.get_by_label("Last name")).to_be_hidden()
    page.get_by_label(re.compile("Add Gift Aid")).check()
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("House name or number").fill("12")
    page.get_by_label("Rest of your home address").fill("Some Street, London")
    page.get_by_label("Postcode of your home").fill("nw3 7ux")
    continue_to_payment(page)
    expect(page.locator(".error-summary")).to_contain_text("Enter your last name")
    assert page.locator("html").evaluate("e => e.scrollWidth") <= PHONE["width"]
    page.get_by_label("Last name").fill("Lovelace")
    page.get_by_label(re.compile("I am donating my own money")).check()
    continue_to_payment(page)

    expect(page).to_have_url(re.compile(f"^{stripe.url}/pay/"))
    assert Declaration.objects.get().last_name == "Lovelace"


def test_without_scripts_the_fee_on_another_amount_has_to_be_confirmed(plain_phone, stripe):
    page = plain_phone
    page.goto("/donate/")
    page.get_by_label("Other amount", exact=True).check()
    page.get_by_label("Other amount, in pounds").fill("33")
    page.get_by_label(re.compile("Add the card fee")).check()
    continue_to_payment(page)
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"The fee on £33\.00 is £0\.71"))
    continue_to_payment(page)

    expect(page).to_have_url(re.compile(f"^{stripe.url}/pay/"))
    assert Donation.objects.get().total_pence == 3371


def test_with_scripts_the_fee_is_shown_at_once_and_needs_no_confirmation(page, stripe):
    page.goto("/donate/")
    page.get_by_label("Other amount", exact=True).check()
    page.get_by_label("Other amount, in pounds").fill("£1,033.50")
    expect(page.locator("#id_cover_fee_helptext")).to_have_text("It adds £15.95.")
    page.get_by_label(re.compile("Add the card fee")).check()
    continue_to_payment(page)

    expect(page).to_have_url(re.compile(f"^{stripe.url}/pay/"))
    assert Donation.objects.get().fee_pence == 1595 == DonationSettings.current().fee_on(103_350)


@pytest.mark.parametrize("pence", [300, 333, 1001, 4999, 99_999])
def test_the_script_calculates_the_fee_as_the_server_does(page, stripe, pence):
    page.goto("/donate/")
    page.get_by_label("Other amount", exact=True).check()
    page.get_by_label("Other amount, in pounds").fill(f"{pence / 100:.2f}")

    assert int(page.locator("[name=fee_shown]").input_value()) == DonationSettings.current().fee_on(pence)


def test_mistakes_are_summarised_and_neither_a_double_click_nor_going_back_leaves_two_payment_pages(page, stripe):
    page.goto("/donate/")
    continue_to_payment(page)
    expect(page.locator(".error-summary")).to_contain_text("Choose an amount")
    page.get_by_label("£10").check()
    page.get_by_label("Show it", exact=True).check()
    page.get_by_label("Name to show").fill("Hannah Gold")
    page.get_by_role("button", name="Continue to payment").dblclick()
    expect(page).to_have_url(re.compile(f"^{stripe.url}/pay/"))

    assert len(stripe.all("checkout.session")) == 1
    assert Donation.objects.count() == 1
    page.go_back()
    page.get_by_label("£25").check()
    continue_to_payment(page)
    expect(page).to_have_url(re.compile(f"^{stripe.url}/pay/"))
    assert [session["status"] for session in stripe.all("checkout.session")] == ["open", "expired"]


@pytest.mark.parametrize("path", ["/donate/", "/donate/thanks/"])
def test_the_pages_are_accessible(page, stripe, path):
    page.goto("/donate/")
    if path != "/donate/":
        page.get_by_label("£10").check()
        page.get_by_label("Every month").check()
        continue_to_payment(page)
        page.get_by_role("button", name="Pay").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your donation")
    result = Axe().run(page)

    assert [(one["id"], one["nodes"]) for one in result.response["violations"]] == []
