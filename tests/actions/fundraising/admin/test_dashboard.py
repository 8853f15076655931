"""The donations dashboard: `/admin/fundraising/fund/giving/`."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from actions.fundraising.admin.dashboard import dashboard
from actions.fundraising.models import DonationSettings, Refund
from tests.accounts.organisers import sign_in
from tests.actions.factories import DonationFactory, FundFactory, PaymentFactory

PAGE = "/admin/fundraising/fund/giving/"
NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def monthly_donation(fund, number, status="active", **fields):
    fields = {"is_monthly": True, "subscription_id": f"sub_{number}", "subscription_status": status} | fields
    return DonationFactory(fund=fund, **fields)


def visible_text(page):
    """Return the page's visible text in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_each_fund_shows_its_net_total_its_progress_and_its_monthly_income(client, organiser):
    fund, other = FundFactory(title="Legal costs", target=2000), FundFactory(title="Posters")
    for number in range(3):
        donation = monthly_donation(fund, number, fee_pence=35)
        payment = PaymentFactory(donation=donation, amount_pence=40_050)
    Refund.objects.create(pk="re_1", payment=payment, amount_pence=50, status="pending", created_at=NOW)
    payment.update_net()
    monthly_donation(fund, 3, "past_due")
    monthly_donation(fund, 4, "canceled")
    monthly_donation(fund, 5, is_live=False)
    PaymentFactory(donation__fund=fund, donation__is_live=False, amount_pence=99_900)
    PaymentFactory(donation__fund=fund, status="failed", paid_at=None)
    page = client.get(PAGE).content.decode()
    text = visible_text(page)

    assert "Legal costs £1,201.00 of £2,000 on this site (3 payments)" in text
    assert re.search(r'<progress value="1201"\s+max="2000"', page)
    assert "4 monthly donations, £41.05 a month in all (payment overdue: 1)" in text
    assert f"{other.title} £0.00 (0 payments) Nothing was paid in this period." in text
    assert page.count("<polyline") == 1
    assert page.count("<progress") == 1


def test_days_follow_local_time_and_the_chart_ends_today(db):
    fund = FundFactory()
    before, after = datetime(2026, 7, 13, 22, 30, tzinfo=UTC), datetime(2026, 7, 13, 23, 30, tzinfo=UTC)
    for moment in (NOW, after, before, NOW - 40 * DAY):
        PaymentFactory(donation__fund=fund, created_at=moment)
    PaymentFactory(donation__fund=fund, created_at=NOW)
    (progress,) = dashboard(30, NOW).funds

    july = [(number, amount) for (day, amount) in progress.days for number in [day.day]]
    assert july == [(15, "£20.00"), (14, "£10.00"), (13, "£10.00")]
    assert (progress.chart.first.isoformat(), progress.chart.last.isoformat()) == ("2026-06-16", "2026-07-15")
    assert progress.top == "£20.00"
    assert progress.raised == "£50.00"
    assert len(dashboard(90, NOW).funds[0].days) == 4


def test_the_first_day_of_the_chart_is_complete(db):
    fund = FundFactory()
    PaymentFactory(donation__fund=fund, created_at=datetime(2026, 6, 15, 23, tzinfo=UTC))
    PaymentFactory(donation__fund=fund, created_at=datetime(2026, 6, 15, 22, 59, tzinfo=UTC))
    (progress,) = dashboard(30, NOW).funds

    assert [day.isoformat() for day, _amount in progress.days] == ["2026-06-16"]


def test_the_last_day_counts_begun_finished_expired_and_refused_donations(db, settings):
    settings.STRIPE_LIVE = True
    for status in ("complete", "complete", "open", "expired"):
        DonationFactory(created_at=NOW - DAY / 2, session_status=status, checked_at=NOW)
    DonationFactory(created_at=NOW - DAY * 1.01, session_status="complete")
    DonationFactory(created_at=NOW - DAY * 1.01, session_status="expired", checked_at=NOW - DAY / 2)
    DonationFactory(created_at=NOW - DAY * 3, session_status="expired", checked_at=NOW - DAY * 2)
    DonationFactory(created_at=NOW - DAY / 2, is_live=False, session_status="complete")
    old = DonationFactory(created_at=NOW - DAY * 9)
    PaymentFactory(donation=old, status="failed", created_at=NOW - DAY / 2)
    PaymentFactory(donation=old, status="failed", created_at=NOW - DAY * 2)
    last = dashboard(30, NOW).last_day

    assert (last.started, last.completed, last.expired, last.refused) == (4, 2, 2, 1)
    settings.STRIPE_LIVE = False
    assert dashboard(30, NOW).last_day.started == 1


def test_the_page_takes_as_many_queries_however_many_donations_there_are(client, organiser, django_assert_num_queries):
    funds = [FundFactory(target=100) for _number in range(8)]
    for number in range(40):
        donation = monthly_donation(funds[number % 8], number)
        PaymentFactory(donation=donation, created_at=timezone.now() - DAY * (number % 20))
    with django_assert_num_queries(13):
        page = client.get(PAGE).content.decode()
    assert page.count("<polyline") == 8


@pytest.mark.parametrize(
    ("key", "is_open", "message"),
    [
        ("", True, "Stripe is not set up"),
        ("sk_live_x", True, "Donations are open."),
        ("sk_live_x", False, "Donations are switched off"),
        ("sk_test_x", True, "Test mode"),
    ],
)
def test_the_state_of_donations_is_shown_with_a_link_to_the_settings(
    client, organiser, settings, key, is_open, message
):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE = key, "_live_" in key
    DonationSettings(is_open=is_open).save()
    page = client.get(PAGE).content.decode()

    assert message in page
    assert '"/admin/fundraising/donationsettings/"' in page


def test_only_the_offered_periods_can_be_chosen(client, organiser):
    FundFactory()
    assert client.get(PAGE, {"days": "365"}).context["days"] == 365
    assert client.get(PAGE, {"days": "100000"}).context["days"] == 30


def test_the_page_says_when_there_is_no_fund_yet(client, organiser):
    assert "There are no funds yet." in client.get(PAGE).content.decode()


@pytest.mark.parametrize("path", ["fund", "donation", "payment"])
def test_the_lists_link_to_the_dashboard(client, organiser, path):
    assert f'href="{PAGE}"' in client.get(f"/admin/fundraising/{path}/").content.decode()


def test_it_needs_permission_to_view_donations_and_payments(client, db):
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="view_payment"))
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/admin/fundraising/payment/").content.decode()
    user.user_permissions.add(Permission.objects.get(codename="view_donation"))
    page = client.get(PAGE).content.decode()
    assert "Donation settings" not in page
    assert client.post(PAGE).status_code == 405
