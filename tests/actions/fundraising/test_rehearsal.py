"""Rehearsals: test payments count, every page says so, and no total mixes them with real payments."""

from datetime import date

import pytest
from django.utils import timezone

from actions.fundraising.models import DonationSettings, Payment, StatementLink
from actions.fundraising.models.claims import claimable
from actions.fundraising.statements.tax_years import TaxYear
from campaign.email_addresses.canonical import address_hash
from campaign.mail.outbox import send_waiting
from tests.actions.factories import AppealFactory, DeclarationFactory, PaymentFactory
from tests.actions.fundraising.admin.conftest import dispute, refund
from tests.actions.fundraising.conftest import PORTAL

pytestmark = pytest.mark.django_db
DASHBOARD = "/admin/fundraising/fund/giving/"
MARK = "The totals count test payments only."


@pytest.fixture
def rehearsal(fund, settings):
    """Set up a rehearsal with £7 of test payments, after £20 of earlier real payments."""
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


@pytest.fixture
def rehearsed(rehearsal, organiser):
    """Return Ada's test payment, with Gift Aid, £2 refunded and £1 disputed."""
    payment = Payment.objects.get(is_live=False)
    type(payment.donation).objects.update(donor_hash=address_hash("ada@example.org"))
    DeclarationFactory(donation=payment.donation)
    refund(payment, 200)
    dispute(payment, 100)
    return payment


def test_each_records_page_says_whether_it_concerns_test_money(client, rehearsed):
    for name, key in (
        *(("payment", rehearsed.pk), ("donation", rehearsed.donation_id), ("refund", "re_1"), ("dispute", "dp_1")),
        ("declaration", rehearsed.donation.declaration.pk),
    ):
        assert MARK in text_of(client, f"/admin/fundraising/{name}/{key}/change/"), name
    real = Payment.objects.get(is_live=True)
    for name, key in (("payment", real.pk), ("donation", real.donation_id)):
        assert "notice-test" not in text_of(client, f"/admin/fundraising/{name}/{key}/change/"), name


def test_lists_that_mix_both_modes_mark_test_money(client, rehearsed):
    for name, words in (
        *(("refund", "refunded (test)"), ("declaration", "this donation (test)")),
        ("dispute", "answer, or it is lost (test)"),
    ):
        page = text_of(client, f"/admin/fundraising/{name}/")
        assert words in page
        assert MARK in page
    assert "claims never include test payments" in text_of(client, "/admin/fundraising/claim/")


def test_statement_and_csv_list_payments_in_the_current_mode_only_and_name_it(client, rehearsed, settings, mailoutbox):
    year = TaxYear.of(timezone.localdate()).first
    client.post("/donate/statement/", {"email": "ada@example.org", "tax_year": year})
    send_waiting()
    assert mailoutbox[0].body.startswith("TEST: the list shows test payments only.")
    statement = f"/donate/statement/{StatementLink.objects.get().token}/"
    page = text_of(client, statement)
    assert MARK in page
    assert "<td>£4.00</td>" in page
    assert "£20.00" not in page
    file = client.get("/admin/fundraising/payment/csv/")
    assert 'filename="test-payments-' in file.headers["Content-Disposition"]
    assert [row.split(",")[1] for row in b"".join(file).decode().splitlines()] == ["test money", "test"]

    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE = "sk_live_x", True
    page = text_of(client, statement)
    assert "<td>£20.00</td>" in page
    assert "notice-test" not in page
    assert [
        row.split(",")[1] for row in b"".join(client.get("/admin/fundraising/payment/csv/")).decode().splitlines()
    ] == [
        *("test money", ""),
    ]


def test_the_dashboard_counts_test_payments_in_a_rehearsal(client, rehearsal, organiser):
    assert "£7.00" in (page := text_of(client, DASHBOARD))
    assert "£20.00" not in page


def test_totals_of_test_money_are_marked_even_once_the_key_is_removed(client, rehearsal, organiser, settings):
    settings.STRIPE_SECRET_KEY = ""
    page = text_of(client, DASHBOARD)

    assert "£7.00" in page
    assert MARK in page


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
    assert "A rehearsal needs a Stripe test key." in page


def test_a_real_donation_is_not_marked_as_a_test(client, rehearsal):
    donation = Payment.objects.get(is_live=True).donation
    assert "notice-test" not in text_of(client, donation.get_absolute_url())


def test_test_payments_are_never_claimed_from_hmrc(rehearsal, fund):
    fund.charity_name = "The Charity"
    fund.save()
    payment = Payment.objects.get(is_live=False)
    DeclarationFactory(donation=payment.donation)

    assert not claimable(payment.paid_at).filter(pk=payment.pk).exists()
