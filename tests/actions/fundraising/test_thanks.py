"""The page to which Stripe sends donors back: `/donate/thanks/<uuid>/`."""

import uuid

import pytest

from actions.fundraising.models import Donation, Payment
from campaign.mail.models import Message
from tests.actions.factories import DonationFactory
from tests.actions.fundraising.conftest import PORTAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def thanks(client, donation):
    """The text of the page."""
    return lambda: " ".join(client.get(donation.get_absolute_url()).content.decode().split())


def test_a_gift_that_is_paid_is_thanked_for_even_before_stripe_has_sent_a_message(thanks, stripe, session):
    stripe.pay(session)

    assert "Thank you for your donation" in thanks()
    assert Payment.objects.counted().net_total() == 1000
    assert Message.objects.filter(kind="fundraising.receipt").count() == 1


def test_who_only_opens_the_page_is_not_believed_to_have_paid(thanks, session):
    assert "Your donation is not complete" in thanks()
    assert not Payment.objects.exists()


def test_a_direct_debit_is_pending(thanks, stripe, session):
    stripe.pay(session, "processing")
    assert "Your donation is pending" in thanks()


def test_a_gift_that_was_given_up_says_that_nothing_was_taken(thanks, stripe, session):
    stripe.expire(session)
    assert "You have not been charged" in thanks()
    assert "The payment page was closed, or has expired, before anything was paid." in thanks()


def test_a_gift_that_the_bank_refused_says_so(thanks, stripe, session):
    stripe.settle(stripe.pay(session, "processing"), "requires_payment_method")
    assert "Your bank refused the payment." in thanks()


def test_when_stripe_does_not_answer_the_page_says_that_it_does_not_know(client, donation, stripe, session):
    stripe.pay(session)
    stripe.faults = [500] * 3
    response = client.get(donation.get_absolute_url())

    assert response.status_code == 200
    assert "We do not know yet" in response.content.decode()
    assert "We do not know yet" not in client.get(donation.get_absolute_url()).content.decode()


def test_the_page_shows_no_personal_data_and_is_kept_and_indexed_by_nobody(client, give, stripe):
    give(show_name="yes", public_name="Hannah Gold", in_memory_of="Aunt Miriam")
    stripe.pay(stripe.all("checkout.session")[0])
    response = client.get(Donation.objects.get().get_absolute_url())
    text = response.content.decode()

    for private in ("Hannah", "Miriam", "Ada", "ada@", "10.00", "cs_test", "pi_"):
        assert private not in text
    assert "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in text
    assert not response.cookies


def test_stripe_is_not_asked_again_for_what_is_known_nor_twice_in_five_seconds(thanks, stripe, session):
    thanks()
    asked = len(stripe.requests)
    thanks()
    assert len(stripe.requests) == asked

    stripe.pay(session)
    Donation.objects.update(checked_at=None)
    thanks()
    asked = len(stripe.requests)
    thanks()
    assert len(stripe.requests) == asked


def test_a_monthly_gift_is_led_to_stripes_portal(client, give, stripe):
    give(often="monthly")
    stripe.pay(stripe.all("checkout.session")[0])
    assert f'href="{PORTAL}"' in client.get(Donation.objects.get().get_absolute_url()).content.decode()


def test_an_unknown_gift_has_no_page(client, fund):
    assert client.get(f"/donate/thanks/{uuid.uuid4()}/").status_code == 404
    assert client.get("/donate/thanks/1/").status_code == 404


def test_a_gift_that_never_reached_stripe_is_not_finished(client, fund):
    donation = DonationFactory(fund=fund)
    assert "Your donation is not complete" in client.get(donation.get_absolute_url()).content.decode()
