"""Sending the confirmation message again: `/pledges/<slug>/send-again/`."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from pledges.models import Signature
from pledges.signing.resend import resend
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory
from tests.pledges.conftest import ANSWERS

START = timezone.now()
LATER = timedelta(minutes=11)


@pytest.fixture
def again(client, pledge):
    """Request the message again; return the response."""
    return lambda address="ruth@example.org": client.post(f"{pledge.get_absolute_url()}send-again/", {"email": address})


@pytest.fixture
def at(time_machine):
    """Set the clock to this long after START."""

    def move(after):
        time_machine.move_to(START + after, tick=False)

    move(timedelta())
    return move


def test_only_the_link_in_the_newest_message_works(client, sign, again, at, confirm_link):
    sign()
    old = confirm_link()
    at(LATER)
    again()
    new = confirm_link()

    assert client.post(old).status_code == 404
    assert client.post(new).status_code == 302
    assert Signature.objects.get().state == Signature.State.CONFIRMED


def test_only_the_code_in_the_newest_message_works(client, pledge, sign, again, at, mailoutbox):
    def code():
        send_waiting()
        return re.search(r"paste this code: (\S+)", mailoutbox[-1].body)[1]

    sign()
    old = code()
    at(LATER)
    again()
    page = f"{pledge.get_absolute_url()}check-your-email/"
    answers = {"email": "ruth@example.org"}

    assert client.post(page, answers | {"code": old}).status_code == 200
    assert client.post(page, answers | {"code": code()}).status_code == 302


def test_a_message_not_yet_sent_is_replaced_rather_than_sent_twice(sign, again, at, mailoutbox):
    sign()
    at(LATER)
    again()
    send_waiting()

    assert len(mailoutbox) == 1


def test_nothing_is_sent_again_within_ten_minutes(sign, again, at):
    sign()
    at(timedelta(minutes=9))
    again()

    assert Message.objects.count() == 1


def test_signing_and_resending_together_send_at_most_three_messages_a_day(sign, again, at):
    sign()
    for hour in range(1, 6):
        at(timedelta(hours=hour))
        again()
    sign()
    assert Message.objects.count() == 3

    at(timedelta(hours=25))
    again()
    assert Message.objects.count() == 4
    assert Signature.objects.get().messages == 1


@pytest.mark.django_db
def test_all_pledges_together_send_an_address_at_most_three_messages_a_day(client, mailoutbox):
    SiteSettingsFactory()
    for number in range(5):
        answers = ANSWERS | {"email": f"Ruth.Feldman+{number}@googlemail.com"}
        client.post(PledgeFactory().get_absolute_url(), answers)
    send_waiting()

    assert len(mailoutbox) == 3


def test_the_response_is_the_same_for_every_address(sign, again, at, client, confirm_link):
    sign()
    sign(email="confirmed@example.org")
    client.post(confirm_link())
    at(LATER)
    responses = [again(f"{name}@example.org") for name in ("ruth", "confirmed", "nobody")]

    assert len({(response.status_code, response.headers["Location"], response.content) for response in responses}) == 1
    assert "example.org" not in responses[0].headers["Location"]
    assert "check-your-email" in responses[0].headers["Location"]


def test_known_and_unknown_addresses_take_the_same_number_of_queries(sign, again, at, django_assert_num_queries):
    sign()
    at(LATER)
    for address in ("ruth@example.org", "nobody@example.org"):
        with django_assert_num_queries(2):
            again(address)


@pytest.mark.parametrize("state", [Signature.State.CONFIRMED, Signature.State.WITHDRAWN])
def test_nothing_is_sent_for_a_confirmed_or_withdrawn_signature(pledge, again, state):
    long_ago = timezone.now() - timedelta(days=2)
    SignatureFactory(pledge=pledge, email="ruth@example.org", state=state, signed_at=long_ago)
    before = Signature.objects.values().get()
    again()

    assert not Message.objects.exists()
    assert Signature.objects.values().get() == before


def test_nothing_is_sent_again_after_the_time_to_confirm_is_over(sign, again, at, client):
    sign()
    at(timedelta(days=settings.PLEDGE_CONFIRM_DAYS, seconds=1))
    again()
    assert Message.objects.count() == 1

    sign()
    assert Message.objects.count() == 2


def test_the_message_is_sent_again_on_the_last_day_to_confirm(sign, again, at):
    sign()
    at(timedelta(days=settings.PLEDGE_CONFIRM_DAYS))
    again()

    assert Message.objects.count() == 2


def test_a_variant_of_the_address_sends_the_message_to_the_one_that_signed(sign, again, at, mailoutbox):
    sign(email="ruth.feldman@gmail.com")
    at(LATER)
    again(" R.u.t.h.Feldman+x@googlemail.com")
    at(LATER)
    again("ruthfeldman@gmail.com")
    send_waiting()

    assert [message.to for message in mailoutbox] == [["ruth.feldman@gmail.com"]]
    assert Message.objects.count() == 2


def test_only_the_message_for_this_pledge_is_sent_again(sign, again, at):
    other = SignatureFactory(email="ruth@example.org")
    sign()
    at(LATER)
    again()

    assert not Message.objects.filter(object_id=other.pk).exists()


def test_nothing_is_sent_again_to_a_suppressed_address(client, sign, again, at, mailoutbox):
    sign()
    send_waiting()
    unsubscribe = re.search(r"https?://[^/]+(/pledges/unsubscribe/\S+)", mailoutbox[-1].body)[1]
    client.post(unsubscribe)
    sign()
    at(LATER)
    again()
    send_waiting()

    assert len(mailoutbox) == 1


def test_a_mistake_in_the_address_is_explained_beside_its_own_field(again):
    page = again("ruth@").content.decode()

    assert "Enter an e-mail address like" in page
    assert 'href="#again_email"' in page
    assert len(re.findall(r'id="again_email"', page)) == len(re.findall(r'id="id_email"', page)) == 1
    assert 'value="ruth@"' in page
    assert re.search(r"<title>\s*Error:", page)


def test_the_page_acknowledges_the_request_and_sets_no_cookie(client, again, pledge):
    response = client.get(again().headers["Location"])

    assert "a new one is on its way" in response.content.decode()
    assert "a new one is on its way" not in client.get(f"{pledge.get_absolute_url()}check-your-email/").content.decode()
    assert not response.cookies


def test_a_get_request_redirects_to_the_page_and_sends_nothing(client, pledge, sign, at):
    sign()
    at(LATER)
    response = client.get(f"{pledge.get_absolute_url()}send-again/", {"email": "ruth@example.org"})

    assert response.headers["Location"] == f"{pledge.get_absolute_url()}check-your-email/"
    assert Message.objects.count() == 1


def test_a_page_of_another_site_cannot_request_a_message(client, pledge):
    path = f"{pledge.get_absolute_url()}send-again/"

    assert client.post(path, {"email": "x@example.org"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_an_unpublished_pledge_is_not_found(pledge, again):
    pledge.published = False
    pledge.save()

    assert again().status_code == 404


@pytest.mark.django_db(transaction=True)
def test_ten_simultaneous_requests_send_one_message_whose_link_works(mailoutbox):
    signed_at = timezone.now() - timedelta(hours=1)
    signature = SignatureFactory(pledge=PledgeFactory(), email="ruth@example.org", signed_at=signed_at)
    path = f"{signature.pledge.get_absolute_url()}send-again/"

    def request_message(_number):
        try:
            return Client().post(path, {"email": "ruth@example.org"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(request_message, range(10))) == [302] * 10
    assert Message.objects.count() == 1
    assert Signature.objects.get().messages == 2
    send_waiting()
    link = re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]
    assert Client().post(link).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_request_while_the_signer_confirms_leaves_the_signature_confirmed():
    signed_at = timezone.now() - timedelta(hours=1)
    signatures = SignatureFactory.create_batch(12, pledge=PledgeFactory(), signed_at=signed_at)

    def act(number):
        signature = signatures[number // 2]
        try:
            if number % 2:
                resend(signature.pledge.slug, signature.email, timezone.now())
            else:
                Signature.objects.filter(pk=signature.pk, state="pending").confirm(timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(24)))
    assert Signature.objects.filter(state="confirmed").count() == 12
