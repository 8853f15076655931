"""Gift Aid from the form of giving to the copy in the donor's inbox."""

import re

import pytest

from actions.fundraising.models import Declaration, Donation
from campaign.mail.outbox import send_waiting
from tests.actions.fundraising.conftest import ANSWERS, PAID

pytestmark = pytest.mark.django_db

CHARITY = "Friends of the Campaign (registered charity)"
PERSON = {
    "gift_aid": "on",
    "ga_scope": "all",
    "ga_title": "Ms",
    "ga_first_name": "Ada",
    "ga_last_name": "Lovelace",
    "ga_house": "12",
    "ga_address": "Some Street, London",
    "ga_postcode": "nw37ux",
    "ga_person": "on",
}


@pytest.fixture
def charity(fund):
    fund.charity_name = CHARITY
    fund.save()
    return fund


def test_a_declaration_is_stored_with_the_gift_and_stripe_learns_nothing_of_it(give, charity, stripe):
    assert give(**PERSON).status_code == 303
    declaration = Declaration.objects.get()

    assert declaration.donation == Donation.objects.get()
    assert (declaration.last_name, declaration.postcode, declaration.charity_name) == ("Lovelace", "NW3 7UX", CHARITY)
    assert "Lovelace" not in str(stripe.requests)
    assert "Street" not in str(stripe.requests)


def test_mistakes_are_shown_beside_their_boxes_and_nothing_is_lost(give, charity):
    page = give(**PERSON | {"ga_last_name": "", "ga_postcode": "nowhere"}).content.decode()

    assert 'id="id_ga_last_name_error"' in page
    assert 'id="id_ga_postcode_error"' in page
    assert 'value="Some Street, London"' in page
    assert not Donation.objects.exists()


def test_the_donor_gets_one_copy_once_paid_with_a_link_that_cancels(client, give, charity, stripe, send, mailoutbox):
    give(**PERSON)
    session = stripe.all("checkout.session")[0]
    stripe.pay(session)
    for _time in range(2):
        send(PAID, session)
    while send_waiting():
        pass

    copies = [message for message in mailoutbox if "Gift Aid" in message.subject]
    assert len(copies) == 1
    assert len(mailoutbox) == 2
    assert CHARITY in copies[0].body
    path = re.search(r"https?://[^/]+(/donate/gift-aid/\S+)", copies[0].body)[1]
    client.get(path)
    assert Declaration.objects.get().cancelled_at is None
    client.post(path)
    assert Declaration.objects.get().cancelled_at is not None


def test_the_same_gift_sent_again_with_the_address_put_right_holds_what_was_said_last(
    client, charity, give, fresh_form
):
    form = fresh_form() | ANSWERS | PERSON
    client.post("/donate/", form)
    client.post("/donate/", form | {"ga_house": "14"})

    assert Donation.objects.count() == 1
    assert Declaration.objects.get().house == "14"


def test_what_is_posted_for_a_fund_without_gift_aid_is_not_kept(give, fund):
    assert give(**PERSON).status_code == 303
    assert not Declaration.objects.exists()
