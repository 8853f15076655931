"""An organiser looks at donations, in a real browser under our content security policy."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from actions.fundraising.models import Dispute, Donation, DonationSettings, Refund
from tests.accounts.organisers import sign_in_by_hand
from tests.actions.factories import DeclarationFactory, DonationFactory, FundFactory, PaymentFactory
from tests.browser.test_admin_axe import faults, looks_of
from tests.factories import SiteSettingsFactory
from tests.sizes import size

PATHS = {
    "donations": "/admin/fundraising/donation/",
    "donation": "/admin/fundraising/donation/{donation}/change/",
    "payments": "/admin/fundraising/payment/",
    "payment": "/admin/fundraising/payment/{payment}/change/",
    "disputes": "/admin/fundraising/dispute/",
    "funds": "/admin/fundraising/fund/",
    "dashboard": "/admin/fundraising/fund/giving/",
}


@pytest.fixture
def donation(transactional_db, settings):
    """Return a monthly donation of two months, one of them disputed, among others."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE = "sk_live_x", True
    SiteSettingsFactory(name="A campaign")
    DonationSettings().save()
    fund, now = FundFactory(title="Legal costs", target=2000), timezone.now()
    for number in range(20):
        day = now - timedelta(days=number)
        PaymentFactory(donation__fund=fund, amount_pence=500 + 1700 * (number % 4), created_at=day)
    donation = DonationFactory(
        fund=fund,
        amount_pence=2500,
        is_monthly=True,
        subscription_id="sub_1QxYz",
        subscription_status="active",
        session_id="cs_live_a1b2c3",
        session_status="complete",
        in_memory_of="Hannah Gold",
        donor_name="Ruth Feldman",
        donor_email="ruth@example.org",
    )
    old = PaymentFactory(donation=donation, created_at=now - timedelta(days=31))
    new = PaymentFactory(donation=donation, method="card")
    Refund.objects.create(pk="re_1", payment=new, amount_pence=500, status="succeeded", created_at=now)
    Dispute.objects.create(pk="dp_1", payment=old, amount_pence=2500, status="needs_response", created_at=now)
    new.update_net()
    old.update_net()
    return donation


@pytest.fixture
def organiser(donation, page, live_server):
    """Sign an organiser in with both factors; return the browser's page."""
    return sign_in_by_hand(page, live_server.url)


def test_an_organiser_reads_a_donation_shows_it_in_public_and_opens_the_dashboard(organiser, donation):
    page = organiser
    page.get_by_role("link", name="See what donors gave").click()
    page.get_by_role("link", name=re.compile("not shown")).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.locator("#result_list tbody th a").click()
    expect(page.get_by_text("Hannah Gold")).to_be_visible()
    expect(page.get_by_text("the bank has taken the money: answer, or it is lost")).to_be_visible()
    expect(page.get_by_role("link", name="View at Stripe").first).to_have_attribute(
        "href", re.compile(r"^https://dashboard\.stripe\.com/payments/pi_")
    )

    page.go_back()
    page.locator("#result_list .action-select").check()
    page.get_by_label("Action:").select_option("Show selected in public")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator(".messagelist .success")).to_have_text("1 donation was changed.")
    assert Donation.objects.get(pk=donation.pk).is_shown

    page.get_by_role("link", name="Donations dashboard").click()
    expect(page.get_by_role("heading", name="Legal costs")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("max", "2000")
    page.get_by_text("Day by day").click()
    expect(page.locator("details tbody tr")).to_have_count(20)
    page.get_by_role("link", name="last 90 days").click()
    expect(page.get_by_role("link", name="last 90 days")).to_have_attribute("aria-current", "page")
    page.locator("#content").get_by_role("link", name="Donation settings").click()
    expect(page.get_by_label("Take donations on this site")).to_be_checked()


def test_the_lists_fit_a_window_of_1100_pixels_and_payments_can_be_downloaded(organiser, donation, live_server):
    page = organiser
    DeclarationFactory(donation=donation, scope="all", charity_name="Friends of the Families of People in Camps")
    page.set_viewport_size({"width": 1100, "height": 800})
    for name in ("donation", "payment", "declaration"):
        page.goto(f"{live_server.url}/admin/fundraising/{name}/")
        assert page.locator(".results").evaluate("box => box.scrollWidth - box.clientWidth") == 0, name

    page.goto(live_server.url + "/admin/fundraising/payment/?donation__is_monthly__exact=1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Completed payments as CSV").click()

    assert len(download.value.path().read_text(encoding="utf-8").splitlines()) == 3


# In the gate, one sign-in serves all pages.
@pytest.mark.parametrize("names", size([list(PATHS)], [[name] for name in PATHS]))
def test_donation_pages_pass_axe_on_desktop_and_phone(organiser, donation, live_server, names):
    page = organiser
    violations = []
    for name in names:
        for width, scheme in looks_of(name, PATHS):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.goto(live_server.url + PATHS[name].format(donation=donation.pk, payment=donation.payments.first().pk))
            violations += [(name, width, scheme, *fault) for fault in faults(page)]
    assert violations == []
