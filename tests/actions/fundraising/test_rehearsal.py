"""A rehearsal: test payments count, every page says so, and no sum mixes them with real ones."""

from datetime import date

import pytest

from actions.fundraising.models import DonationSettings, Payment
from actions.fundraising.models.claims import claimable
from tests.actions.factories import AppealFactory, DeclarationFactory, PaymentFactory
from tests.actions.fundraising.conftest import PORTAL

pytestmark = pytest.mark.django_db
DASHBOARD = "/admin/fundraising/fund/giving/"
MARK = "The totals count test payments only."


@pytest.fixture
def rehearsal(fund, settings):
    """Set up a site with a test key, £20 of real payments from earlier, and £7 of test payments."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE = "sk_test_x", False
    DonationSettings(portal_url=PORTAL, is_rehearsal=True).save()
    PaymentFactory(donation__fund=fund, amount_pence=2000)
    PaymentFactory(donation__fund=fund, donation__is_live=False, amount_pence=700)


def text_of(client, path):
    return " ".join(client.get(path).content.decode().split())


def test_only_test_payments_count_in_a_rehearsal(client, rehearsal, fund, time_machine):
    time_machine.move_to(date(2026, 11, 26), tick=False)
    AppealFactory(fund=fund, raised=5000, as_of=date(2026, 11, 26), target=9000)
    page = text_of(client, "/donate/")

    assert "<strong>£7</strong> raised" in page
    assert "on this site, after refunds" not in page
    assert "<strong>£5,000</strong> raised of £9,000" in page  # the appeal's own figure, with its own bar
    assert "The bar above includes this." not in page


def test_every_donation_page_and_the_admin_say_so(client, rehearsal, organiser):
    donation = Payment.objects.get(is_live=False).donation
    for path in ("/donate/", donation.get_absolute_url(), DASHBOARD, "/admin/fundraising/payment/"):
        assert MARK in text_of(client, path), path
    for name in ("fund", "donation", "payment"):
        assert MARK in text_of(client, f"/admin/fundraising/{name}/")
    assert MARK in text_of(client, "/admin/fundraising/donationsettings/1/change/")
    assert MARK in text_of(client, f"/admin/fundraising/fund/{donation.fund_id}/change/")


def test_the_dashboard_counts_test_payments_in_a_rehearsal(client, rehearsal, organiser):
    assert "£7.00" in (page := text_of(client, DASHBOARD))
    assert "£20.00" not in page


def test_without_a_rehearsal_a_test_key_counts_real_payments_only(client, rehearsal, organiser):
    DonationSettings(portal_url=PORTAL).save()
    for path, amount in (("/donate/", "<strong>£20</strong> raised"), (DASHBOARD, "£20.00")):
        page = text_of(client, path)
        assert amount in page
        assert "Test mode." in page


def test_with_a_live_key_a_forgotten_rehearsal_has_no_effect_and_cannot_be_ticked(
    client, rehearsal, organiser, settings
):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE = "sk_live_x", True
    assert "<strong>£20</strong> raised" in (page := text_of(client, "/donate/"))
    assert MARK not in page
    form = {"is_open": "on", "fee_percent": "1.5", "fee_pence": "20", "is_rehearsal": "on"}
    page = client.post("/admin/fundraising/donationsettings/1/change/", form).content.decode()
    assert "nothing to rehearse with" in page


def test_a_real_donation_is_not_marked_as_a_test(client, rehearsal):
    donation = Payment.objects.get(is_live=True).donation
    assert "notice-test" not in text_of(client, donation.get_absolute_url())


def test_test_payments_are_never_claimed_from_hmrc(rehearsal, fund):
    fund.charity_name = "The Charity"
    fund.save()
    payment = Payment.objects.get(is_live=False)
    DeclarationFactory(donation=payment.donation)

    assert not claimable(payment.paid_at).filter(pk=payment.pk).exists()
