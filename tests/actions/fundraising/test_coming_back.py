"""Donors who return from Stripe without paying keep their fund and never have two open payment pages."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from actions.fundraising.models import Donation
from tests.actions.factories import DonationFactory, FundFactory
from tests.actions.fundraising.conftest import ANSWERS, session_requests

pytestmark = pytest.mark.django_db


def token_on(page):
    return re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]


def token_in(path):
    return parse_qs(urlsplit(path).query)["form"][0]


@pytest.fixture
def second_fund(client, donate, fund):
    """Return a fund that isn't the first on the page, and the path to which Stripe returns its donors."""
    other = FundFactory(title="The other cause", slug="other", order=1)
    form = {"token": token_on(client.get("/donate/?fund=other"))}
    assert client.post("/donate/?fund=other", form | ANSWERS).status_code == 303
    return other


@pytest.fixture
def way_back(second_fund, stripe):
    (values,) = session_requests(stripe)
    parts = urlsplit(values["cancel_url"])
    return f"{parts.path}?{parts.query}"


def test_going_back_from_stripe_shows_the_chosen_fund_and_form(client, way_back, second_fund):
    page = client.get(way_back)

    assert "The other cause</h2>" in page.content.decode()
    assert token_on(page) == token_in(way_back)
    assert not page.cookies


def test_an_unpaid_donations_page_links_back_to_its_fund_and_form(client, way_back):
    thanks = client.get(Donation.objects.get().get_absolute_url()).content.decode()

    assert way_back.replace("&", "&amp;") in thanks


def test_a_new_donation_after_going_back_leaves_one_payment_page_open(client, way_back, stripe):
    client.post(way_back, ANSWERS | {"token": token_on(client.get(way_back)), "amount": "2500"})

    assert [session["status"] for session in stripe.all("checkout.session")] == ["open", "expired"]


def test_the_same_donation_after_going_back_reopens_the_same_payment_page(client, way_back, stripe):
    response = client.post(way_back, ANSWERS | {"token": token_on(client.get(way_back))})

    assert response.headers["Location"] == stripe.all("checkout.session")[0]["url"]
    assert Donation.objects.count() == 1


def test_a_donor_who_changes_their_mind_twice_leaves_no_old_payment_page_open(client, way_back, stripe):
    form = ANSWERS | {"token": token_on(client.get(way_back))}
    client.post(way_back, form | {"amount": "2500"})
    page = client.post(way_back, form)  # the first gift again; the second closed its payment page

    assert "The payment page has expired. You have not been charged." in page.content.decode()
    assert {session["status"] for session in stripe.all("checkout.session")} == {"expired"}
    assert token_on(page) != form["token"]
    assert client.post(way_back, ANSWERS | {"token": token_on(page)}).status_code == 303
    assert sorted(session["status"] for session in stripe.all("checkout.session")) == ["expired", "expired", "open"]


@pytest.mark.parametrize("status", ["complete", "expired"])
def test_going_back_after_a_donation_is_paid_or_over_shows_a_new_form(client, way_back, status):
    Donation.objects.update(session_status=status)
    assert token_on(client.get(way_back)) != token_in(way_back)


def test_a_form_that_was_paid_is_never_shown_again(client, way_back):
    donation = Donation.objects.get()
    DonationFactory(form=donation.form, fund=donation.fund, session_status="complete")

    assert token_on(client.get(way_back)) != token_in(way_back)


@pytest.mark.parametrize("form", ["", "x", "a.b.c:d"])
def test_an_invalid_return_link_shows_a_new_form(client, fund, form):
    assert token_on(client.get("/donate/", {"form": form}))


def test_a_retry_after_40_minutes_gets_a_payment_page_that_stripe_accepts(client, donate, fresh_form, stripe):
    form = fresh_form() | ANSWERS
    client.post("/donate/", form)
    before = timezone.now() - timedelta(minutes=40)
    donation = Donation.objects.get()
    donation.parameters["expires_at"] -= 40 * 60
    Donation.objects.update(session_id="", session_status="", created_at=before, parameters=donation.parameters)
    stripe.objects.clear()  # as if the request never reached Stripe
    stripe.answers.clear()

    assert client.post("/donate/", form).status_code == 303
    assert client.post("/donate/", form).status_code == 303
    assert len(stripe.all("checkout.session")) == 1
    assert Donation.objects.count() == 1


def test_a_lost_session_that_ends_later_does_not_replace_the_one_that_was_paid(client, donate, send, stripe, session):
    lost = dict(session) | {"id": "cs_test_lost", "status": "expired"}
    stripe.objects["cs_test_lost"] = lost
    stripe.pay(session)
    send("checkout.session.completed", session)
    send("checkout.session.expired", lost)

    donation = Donation.objects.get()
    assert (donation.session_id, donation.session_status) == (session["id"], "complete")
