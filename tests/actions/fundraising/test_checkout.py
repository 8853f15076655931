"""Checkout sessions: one for each form, its request frozen and retried, and what Stripe receives."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from actions.fundraising.models import Donation, Fund
from tests.actions.fundraising.conftest import ANSWERS, session_requests

pytestmark = pytest.mark.django_db


def test_stripe_receives_the_amount_and_a_neutral_description_but_nothing_the_donor_wrote(donate, stripe):
    donate(show_name="yes", public_name="Hannah Gold", in_memory_of="Aunt Miriam")
    (values,) = session_requests(stripe)
    donation = Donation.objects.get()

    assert values["line_items[0][price_data][unit_amount]"] == "1000"
    assert values["line_items[0][price_data][currency]"] == "gbp"
    assert values["line_items[0][price_data][product_data][name]"] == "Donation to Friends of the Campaign"
    assert values["metadata[donation]"] == str(donation.pk)
    assert "Hannah" not in str(values)
    assert "Miriam" not in str(values)
    assert (donation.public_name, donation.in_memory_of, donation.is_shown) == ("Hannah Gold", "Aunt Miriam", False)


def test_a_monthly_donation_is_a_subscription(donate, stripe):
    donate(often="monthly")
    (values,) = session_requests(stripe)

    assert values["mode"] == "subscription"
    assert values["line_items[0][price_data][recurring][interval]"] == "month"
    assert "submit_type" not in values
    assert Donation.objects.get().is_monthly


def test_posting_the_same_form_again_leads_to_the_same_session(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    first, second = client.post("/donate/", form), client.post("/donate/", form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Donation.objects.count() == 1
    assert len(stripe.all("checkout.session")) == 1


def test_a_retry_after_a_crash_sends_exactly_the_same_request(client, donate, fresh_form, stripe, fund):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    Donation.objects.update(session_id="", session_status="")  # as if we were killed before Stripe answered
    Fund.objects.update(payee="Renamed meanwhile")
    client.post("/donate/", form)

    first, second = session_requests(stripe)
    assert first == second
    assert len(stripe.all("checkout.session")) == 1
    assert Donation.objects.get().session_id


def test_the_same_form_with_other_answers_expires_the_previous_session(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    client.post("/donate/", form | {"amount": "2500"})

    assert [session["status"] for session in stripe.all("checkout.session")] == ["open", "expired"]


def test_the_same_form_after_payment_leads_to_the_thank_you_page(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    stripe.pay(stripe.all("checkout.session")[0])
    response = client.post("/donate/", form)

    assert response.headers["Location"] == Donation.objects.get().get_absolute_url()
    assert len(stripe.all("payment_intent")) == 1


def test_the_same_form_after_its_session_expired_gets_a_new_token_and_keeps_its_answers(
    client, donate, fresh_form, stripe
):
    form = fresh_form() | ANSWERS | {"in_memory_of": "Aunt Miriam"}
    client.post("/donate/", form)
    stripe.all("checkout.session")[0].update(status="expired", url=None)
    page = client.post("/donate/", form).content.decode()

    assert "The payment page has expired. You have not been charged." in page
    assert "Aunt Miriam" in page
    assert form["token"] not in page


@pytest.mark.django_db(transaction=True)
def test_concurrent_posts_of_the_same_form_make_one_session(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS

    def post(_number):
        try:
            return Client().post("/donate/", form).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        locations = set(pool.map(post, range(24)))

    assert len(locations) == 1
    assert Donation.objects.count() == 1
    assert len(stripe.all("checkout.session")) == 1


@pytest.mark.parametrize("fault", [500, 503])
def test_a_temporary_fault_at_stripe_is_retried_with_the_same_key(donate, stripe, fault):
    stripe.faults = [fault]
    assert donate().status_code == 303
    assert len(stripe.all("checkout.session")) == 1


@pytest.mark.parametrize("faults", [[500] * 3, [429]])
def test_when_stripe_does_not_answer_the_form_keeps_its_answers_and_works_later(
    client, donate, fresh_form, stripe, faults
):
    form = fresh_form() | ANSWERS | {"in_memory_of": "Aunt Miriam"}
    stripe.faults = faults
    response = client.post("/donate/", form)

    assert response.status_code == 503
    assert "You have not been charged" in response.content.decode()
    assert "Aunt Miriam" in response.content.decode()
    assert client.post("/donate/", form).status_code == 303
    assert Donation.objects.count() == 1


def test_a_slow_stripe_times_out(donate, stripe, monkeypatch):
    monkeypatch.setattr("actions.fundraising.stripe.client.TIMEOUT", (0.2, 0.2))
    stripe.faults = [lambda: time.sleep(0.5)] * 3

    assert donate().status_code == 503


def test_a_payment_page_outside_stripe_is_refused(donate, stripe, settings):
    stripe.make_url = "https://evil.example"
    stripe.url = "https://evil.example"

    assert donate().status_code == 503
