"""Gift Aid, from the donation form to the copy in the donor's inbox."""

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


def test_a_declaration_is_stored_with_the_donation_and_not_sent_to_stripe(donate, charity, stripe):
    assert donate(**PERSON).status_code == 303
    declaration = Declaration.objects.get()

    assert declaration.donation == Donation.objects.get()
    assert (declaration.last_name, declaration.postcode, declaration.charity_name) == ("Lovelace", "NW3 7UX", CHARITY)
    assert "Lovelace" not in str(stripe.requests)
    assert "Street" not in str(stripe.requests)


def test_mistakes_are_shown_beside_their_fields_and_no_input_is_lost(donate, charity):
    page = donate(**PERSON | {"ga_last_name": "", "ga_postcode": "nowhere"}).content.decode()

    assert 'id="id_ga_last_name_error"' in page
    assert 'id="id_ga_postcode_error"' in page
    assert 'value="Some Street, London"' in page
    assert not Donation.objects.exists()


def test_the_donor_gets_one_copy_after_payment_with_a_link_to_cancel(client, donate, charity, stripe, send, mailoutbox):
    donate(**PERSON)
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


def test_the_same_form_sent_again_updates_the_declaration(client, charity, donate, fresh_form):
    form = fresh_form() | ANSWERS | PERSON
    client.post("/donate/", form)
    client.post("/donate/", form | {"ga_house": "14"})

    assert Donation.objects.count() == 1
    assert Declaration.objects.get().house == "14"


def test_a_declaration_for_a_fund_without_gift_aid_is_not_stored(donate, fund):
    assert donate(**PERSON).status_code == 303
    assert not Declaration.objects.exists()
