"""Stopping donations closes any payment pages still open at Stripe, and tells visitors why."""

import pytest

from actions.fundraising.models import Donation, DonationSettings, Fund
from actions.fundraising.stripe.closing import close_payment_pages
from campaign.mail.models import Message
from tests.actions.factories import AppealFactory, FundFactory
from tests.actions.fundraising.conftest import ANSWERS, PORTAL
from tests.actions.fundraising.stripe.test_reconciliation import reconcile

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/fundraising/donationsettings/1/change/"
FORM = {"portal_url": PORTAL, "fee_percent": "1.5", "fee_pence": "20", "treasurer_email": ""}


def statuses(stripe):
    return sorted(session["status"] for session in stripe.all("checkout.session"))


@pytest.fixture
def three(donate, stripe):
    """Make three donations with open payment pages."""
    for amount in ("500", "1000", "2500"):
        donate(amount=amount)
    assert statuses(stripe) == ["open"] * 3


@pytest.mark.django_db(transaction=True)  # pages are closed on commit
def test_the_switch_closes_open_payment_pages(client, three, stripe, organiser):
    assert client.post(SETTINGS, FORM).status_code == 302
    assert statuses(stripe) == ["expired"] * 3
    assert "3 open payment pages were closed." in client.get("/admin/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_cannot_be_closed_does_not_stop_the_others_and_is_retried_at_night(
    client, three, stripe, organiser
):
    stripe.faults = [500] * 3
    client.post(SETTINGS, FORM)

    assert statuses(stripe) == ["expired", "expired", "open"]
    page = client.get("/admin/").content.decode()
    assert "1 payment page could not be closed: a donor can still pay there for up to an hour." in page
    reconcile()
    assert statuses(stripe) == ["expired"] * 3


def test_while_donations_are_open_nothing_is_closed(three, stripe):
    assert close_payment_pages() == (0, 0)
    assert statuses(stripe) == ["open"] * 3


@pytest.mark.parametrize("change", [{"is_open": False}, {"published": False}])
def test_stopping_one_fund_closes_only_its_payment_pages(three, donate, stripe, fund, change):
    other = FundFactory(order=1)
    Donation.objects.filter(amount_pence=500).update(fund=other)
    Fund.objects.filter(pk=fund.pk).update(**change)

    assert close_payment_pages() == (2, 0)
    assert statuses(stripe) == ["expired", "expired", "open"]


def test_when_time_runs_out_the_remaining_pages_are_reported_as_open(three, stripe):
    DonationSettings(is_open=False).save()
    assert close_payment_pages(seconds=0) == (0, 3)


def test_a_payment_made_before_its_page_closes_stays_paid(client, three, stripe, send):
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    DonationSettings(is_open=False).save()
    close_payment_pages()
    send("checkout.session.completed", session)

    assert statuses(stripe) == ["complete", "expired", "expired"]
    assert Donation.objects.get(session_id=session["id"]).outcome() == "paid"


def test_closing_pages_raises_no_alarm_about_stolen_cards(three, stripe, send, settings):
    settings.FAILED_DONATIONS_ALARM = 2
    DonationSettings(is_open=False).save()
    close_payment_pages()
    for session in stripe.all("checkout.session"):
        send("checkout.session.expired", session)

    assert not Message.objects.filter(kind="fundraising.alarm").exists()


@pytest.mark.parametrize("stopped_by", ["switch", "fund"])
def test_without_a_form_the_page_says_why_and_still_links_to_the_portal_for_monthly_donors(client, fund, stopped_by):
    if stopped_by == "switch":
        DonationSettings(portal_url=PORTAL, is_open=False).save()
    else:
        Fund.objects.update(is_open=False)
    AppealFactory(title="Elsewhere")
    page = client.get("/donate/").content.decode()

    assert "We are not taking donations on this site at the moment" in page
    assert f'href="{PORTAL}"' in page
    assert "Elsewhere" in page
    assert "You have not been charged" in client.post("/donate/", ANSWERS).content.decode()


def test_monthly_donors_reach_the_portal_even_without_a_key(client, fund, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert f'href="{PORTAL}"' in client.get("/donate/").content.decode()
