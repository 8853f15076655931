"""The page to which donors return from Stripe: `/donate/thanks/<uuid>/`."""

import uuid

import pytest

from actions.fundraising.models import Donation, Payment
from campaign.mail.models import Message
from tests.actions.factories import DonationFactory
from tests.actions.fundraising.conftest import PORTAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def thanks(client, donation):
    """Return a function that fetches the text of the page."""
    return lambda: " ".join(client.get(donation.get_absolute_url()).content.decode().split())


def test_a_paid_donation_is_acknowledged_even_before_stripe_sends_an_event(thanks, stripe, session):
    stripe.pay(session)

    assert "Thank you for your donation" in thanks()
    assert Payment.objects.counted().net_total() == 1000
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1


def test_opening_the_page_does_not_make_a_payment(thanks, session):
    assert "Your donation is not complete" in thanks()
    assert not Payment.objects.exists()


def test_a_direct_debit_is_pending(thanks, stripe, session):
    stripe.pay(session, "processing")
    assert "Your donation is pending" in thanks()


def test_an_abandoned_donation_says_that_nothing_was_charged(thanks, stripe, session):
    stripe.expire(session)
    assert "You have not been charged" in thanks()
    assert "The payment page was closed, or has expired, before anything was paid." in thanks()


def test_a_payment_refused_by_the_bank_says_so(thanks, stripe, session):
    stripe.settle(stripe.pay(session, "processing"), "requires_payment_method")
    assert "Your bank refused the payment." in thanks()


def test_the_page_says_when_stripe_does_not_answer(client, donation, stripe, session):
    stripe.pay(session)
    stripe.faults = [500] * 3
    response = client.get(donation.get_absolute_url())

    assert response.status_code == 200
    assert "We do not know yet" in response.content.decode()
    assert "We do not know yet" not in client.get(donation.get_absolute_url()).content.decode()


def test_the_page_shows_no_personal_data_and_is_neither_cached_nor_indexed(client, donate, stripe):
    donate(show_name="yes", public_name="Hannah Gold", in_memory_of="Aunt Miriam")
    stripe.pay(stripe.all("checkout.session")[0])
    response = client.get(Donation.objects.get().get_absolute_url())
    text = response.content.decode()

    for private in ("Hannah", "Miriam", "Ada", "ada@", "10.00", "cs_test", "pi_"):
        assert private not in text
    assert "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in text
    assert not response.cookies


def test_stripe_is_not_queried_for_a_known_state_or_twice_in_five_seconds(thanks, stripe, session):
    thanks()
    count = len(stripe.requests)
    thanks()
    assert len(stripe.requests) == count

    stripe.pay(session)
    Donation.objects.update(checked_at=None)
    thanks()
    count = len(stripe.requests)
    thanks()
    assert len(stripe.requests) == count


def test_a_monthly_donation_links_to_stripes_portal(client, donate, stripe):
    donate(often="monthly")
    stripe.pay(stripe.all("checkout.session")[0])
    assert f'href="{PORTAL}"' in client.get(Donation.objects.get().get_absolute_url()).content.decode()


def test_an_unknown_donation_has_no_page(client, fund):
    assert client.get(f"/donate/thanks/{uuid.uuid4()}/").status_code == 404
    assert client.get("/donate/thanks/1/").status_code == 404


def test_a_donation_that_never_reached_stripe_is_unfinished(client, fund):
    donation = DonationFactory(fund=fund)
    assert "Your donation is not complete" in client.get(donation.get_absolute_url()).content.decode()
