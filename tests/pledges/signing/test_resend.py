"""Nothing came: `/pledges/<slug>/send-again/`."""

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
    """Ask for the message again; give the answer."""
    return lambda address="ruth@example.org": client.post(f"{pledge.get_absolute_url()}send-again/", {"email": address})


@pytest.fixture
def at(time_machine):
    """Let it be so long after the beginning."""

    def move(after):
        time_machine.move_to(START + after, tick=False)

    move(timedelta())
    return move


def test_the_new_message_confirms_and_the_old_one_no_longer_does(client, sign, again, at, confirm_link):
    sign()
    old = confirm_link()
    at(LATER)
    again()
    new = confirm_link()

    assert client.post(old).status_code == 404
    assert client.post(new).status_code == 302
    assert Signature.objects.get().state == Signature.State.CONFIRMED


def test_the_new_code_fits_and_the_old_one_no_longer_does(client, pledge, sign, again, at, mailoutbox):
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


def test_a_message_that_still_waits_is_replaced_not_sent_twice(sign, again, at, mailoutbox):
    sign()
    at(LATER)
    again()
    send_waiting()

    assert len(mailoutbox) == 1


def test_within_ten_minutes_nothing_more_is_sent(sign, again, at):
    sign()
    at(timedelta(minutes=9))
    again()

    assert Message.objects.count() == 1


def test_an_address_gets_three_messages_a_day_at_most_whoever_asks(sign, again, at):
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
def test_an_address_gets_three_messages_a_day_at_most_of_all_pledges(client, mailoutbox):
    SiteSettingsFactory()
    for number in range(5):
        answers = ANSWERS | {"email": f"Ruth.Feldman+{number}@googlemail.com"}
        client.post(PledgeFactory().get_absolute_url(), answers)
    send_waiting()

    assert len(mailoutbox) == 3


def test_the_answer_is_the_same_for_every_address(sign, again, at, client, confirm_link):
    sign()
    sign(email="confirmed@example.org")
    client.post(confirm_link())
    at(LATER)
    answers = [again(f"{name}@example.org") for name in ("ruth", "confirmed", "nobody")]

    assert len({(answer.status_code, answer.headers["Location"], answer.content) for answer in answers}) == 1
    assert "example.org" not in answers[0].headers["Location"]
    assert "check-your-email" in answers[0].headers["Location"]


def test_it_takes_one_statement_either_way(sign, again, at, django_assert_num_queries):
    sign()
    at(LATER)
    for address in ("ruth@example.org", "nobody@example.org"):
        with django_assert_num_queries(2):
            again(address)


@pytest.mark.parametrize("state", [Signature.State.CONFIRMED, Signature.State.WITHDRAWN])
def test_who_has_confirmed_or_withdrawn_gets_no_message(pledge, again, state):
    long_ago = timezone.now() - timedelta(days=2)
    SignatureFactory(pledge=pledge, email="ruth@example.org", state=state, signed_at=long_ago)
    before = Signature.objects.values().get()
    again()

    assert not Message.objects.exists()
    assert Signature.objects.values().get() == before


def test_what_can_no_longer_be_confirmed_is_not_sent_again(sign, again, at, client):
    sign()
    at(timedelta(days=settings.PLEDGE_CONFIRM_DAYS, seconds=1))
    again()
    assert Message.objects.count() == 1

    sign()
    assert Message.objects.count() == 2


def test_on_its_last_day_it_is_sent_again(sign, again, at):
    sign()
    at(timedelta(days=settings.PLEDGE_CONFIRM_DAYS))
    again()

    assert Message.objects.count() == 2


def test_a_variant_of_the_address_sends_to_the_one_that_signed(sign, again, at, mailoutbox):
    sign(email="ruth.feldman@gmail.com")
    at(LATER)
    again(" R.u.t.h.Feldman+x@googlemail.com")
    at(LATER)
    again("ruthfeldman@gmail.com")
    send_waiting()

    assert [message.to for message in mailoutbox] == [["ruth.feldman@gmail.com"]]
    assert Message.objects.count() == 2


def test_another_pledge_of_the_same_address_is_left_alone(sign, again, at):
    other = SignatureFactory(email="ruth@example.org")
    sign()
    at(LATER)
    again()

    assert not Message.objects.filter(object_id=other.pk).exists()


def test_who_asked_never_to_be_written_to_again_is_not(client, sign, again, at, mailoutbox):
    sign()
    send_waiting()
    never = re.search(r"https?://[^/]+(/pledges/unsubscribe/\S+)", mailoutbox[-1].body)[1]
    client.post(never)
    sign()
    at(LATER)
    again()
    send_waiting()

    assert len(mailoutbox) == 1


def test_an_address_with_a_mistake_is_explained_beside_its_own_box(again):
    page = again("ruth@").content.decode()

    assert "Enter an e-mail address like" in page
    assert 'href="#again_email"' in page
    assert len(re.findall(r'id="again_email"', page)) == len(re.findall(r'id="id_email"', page)) == 1
    assert 'value="ruth@"' in page
    assert re.search(r"<title>\s*Error:", page)


def test_the_page_says_that_it_was_asked_and_sets_no_cookie(client, again, pledge):
    answer = client.get(again().headers["Location"])

    assert "a new one is on its way" in answer.content.decode()
    assert "a new one is on its way" not in client.get(f"{pledge.get_absolute_url()}check-your-email/").content.decode()
    assert not answer.cookies


def test_opening_the_address_by_hand_leads_to_the_page_and_sends_nothing(client, pledge, sign, at):
    sign()
    at(LATER)
    answer = client.get(f"{pledge.get_absolute_url()}send-again/", {"email": "ruth@example.org"})

    assert answer.headers["Location"] == f"{pledge.get_absolute_url()}check-your-email/"
    assert Message.objects.count() == 1


def test_another_sites_page_cannot_ask(client, pledge):
    path = f"{pledge.get_absolute_url()}send-again/"

    assert client.post(path, {"email": "x@example.org"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_pledge_that_is_not_published_is_not_found(pledge, again):
    pledge.published = False
    pledge.save()

    assert again().status_code == 404


@pytest.mark.django_db(transaction=True)
def test_ten_who_ask_at_once_get_one_message_and_its_link_works(mailoutbox):
    signed_at = timezone.now() - timedelta(hours=1)
    signature = SignatureFactory(pledge=PledgeFactory(), email="ruth@example.org", signed_at=signed_at)
    path = f"{signature.pledge.get_absolute_url()}send-again/"

    def ask(_number):
        try:
            return Client().post(path, {"email": "ruth@example.org"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(ask, range(10))) == [302] * 10
    assert Message.objects.count() == 1
    assert Signature.objects.get().messages == 2
    send_waiting()
    link = re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]
    assert Client().post(link).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_asking_while_somebody_confirms_leaves_it_confirmed():
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
