"""Asking for news without signing, and confirming the address."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.mail.models import Message, SuppressedAddress
from campaign.news.models import Subscriber, SubscriberQuerySet
from campaign.privacy.holdings import held_about
from tests.mail.links import link_in
from tests.news.conftest import RUTH
from tests.news.factories import SubscriberFactory

INBOX = "/news/check-your-email/"
TELLING = re.compile(r"uyghur|campaign|news|pledge|sign(ed|ing)?\b|genocide|jewish|://", re.IGNORECASE)


@pytest.mark.parametrize(("page", "queries"), [("/news/", 4), (INBOX, 4), ("/news/confirmed/", 4)])
def test_pages_can_be_cached_set_no_cookie_and_need_few_queries(
    client, db, page, queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(queries):
        response = client.get(page)

    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert not response.cookies


def test_caches_do_not_keep_a_second_copy_of_the_form_for_a_query_string(client, db):
    assert client.get("/news/?x=1")["Location"] == "/news/"


def test_every_page_links_to_the_form(client, join):
    assert 'href="/news/"' in client.get("/").content.decode()


def test_the_address_is_stored_encrypted_and_gets_no_news_until_the_button_is_pressed(client, join, send):
    assert join()["Location"] == INBOX
    (message,) = send()
    path = link_in(message, "/news/confirm/")
    client.head(path)
    assert "Yes, send me news" in client.get(path).content.decode()
    assert not Subscriber.objects.confirmed().exists()

    assert client.post(path)["Location"] == "/news/confirmed/"
    assert Subscriber.objects.confirmed().get().email == RUTH
    assert client.post(path).status_code == 200
    assert "You have already confirmed." in client.get(path).content.decode()


def test_the_code_also_confirms_and_may_be_typed_in_any_form(client, join, send):
    join()
    (message,) = send()
    code = re.search(r"\b[0-9A-Z]{8}\b", message.body)[0]

    assert "does not match" in client.post(INBOX, {"email": "ada@example.org", "code": code}).content.decode()
    assert client.post(INBOX, {"email": RUTH, "code": code.lower()})["Location"] == "/news/confirmed/"
    assert Subscriber.objects.confirmed().count() == 1


def test_a_locked_phone_reveals_nothing_about_the_campaign(join, send, settings):
    settings.DEFAULT_FROM_EMAIL = '"Stop Uyghur Genocide" <noreply@example.org>'
    join()
    (message,) = send()

    assert not TELLING.search(message.subject)
    assert not TELLING.search(message.body[:200])
    assert message.from_email == "Website messages <noreply@example.org>"


def test_page_titles_give_nothing_away(client, join, send):
    join()
    (message,) = send()
    for path in [
        "/news/",
        INBOX,
        "/news/confirmed/",
        link_in(message, "/news/confirm/"),
        link_in(message, "/news/never/"),
    ]:
        title = re.search(r"<title>(.*?)</title>", client.get(path).content.decode(), re.DOTALL)[1]
        assert not re.search(r"uyghur|genocide|campaign", title, re.IGNORECASE), path


def test_every_address_gets_the_same_answer_whatever_we_know_about_it(join, send):
    SubscriberFactory(email="known@example.org")
    SubscriberFactory(email="waiting@example.org", confirmed_at=None)
    SuppressedAddress.objects.create(address_hash=mailbox_hash("never@example.org"))
    answers = [join(f"{name}@example.org") for name in ("new", "waiting", "known", "never")]

    assert {(one.status_code, one["Location"], one.content) for one in answers} == {(302, INBOX, b"")}
    assert [message.to for message in send()] == [["new@example.org"]]


def test_joining_twice_stores_one_address_and_sends_another_message_after_ten_minutes(client, join, send, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    join()
    join("RUTH@example.org")
    assert len(send()) == 1
    time_machine.move_to(now + timedelta(minutes=11), tick=False)
    assert client.post("/news/send-again/", {"email": RUTH})["Location"] == f"{INBOX}?again=1"

    assert len(send()) == 1
    assert Subscriber.objects.count() == 1


def test_somebody_who_never_confirmed_can_ask_again_weeks_later(join):
    join()
    Subscriber.objects.update(asked_at=timezone.now() - timedelta(days=15))
    join()

    assert Subscriber.objects.confirmable(timezone.now()).count() == 1


def test_one_network_can_enter_a_limited_number_of_addresses_a_day_known_or_not(client, join, monkeypatch):
    monkeypatch.setattr(SubscriberQuerySet, "max_from_network", 2)
    SubscriberFactory(email=RUTH)
    post = partial(client.post, "/news/", headers={"X-Forwarded-For": "192.0.2.1"})
    post({"email": RUTH})
    post({"email": "new@example.org"})

    assert "Too many people" in post({"email": "third@example.org"}).content.decode()
    assert not Subscriber.objects.from_address("third@example.org").exists()
    assert join("third@example.org")["Location"] == INBOX


def test_the_never_link_suppresses_the_mailbox_and_erases_even_a_confirmed_address(client, join, send):
    join()
    (message,) = send()
    client.post(link_in(message, "/news/confirm/"))
    path = link_in(message, "/news/never/")
    client.get(path)
    assert Subscriber.objects.exists()
    assert not SuppressedAddress.objects.exists()

    assert client.post(path).status_code == 200
    assert not Subscriber.objects.exists()
    assert SuppressedAddress.objects.is_suppressed(RUTH)


def test_confirming_leaves_no_time_that_could_be_matched_to_a_signature(client, join, send):
    join()
    client.post(link_in(send()[0], "/news/confirm/"))
    row = Subscriber.objects.get()

    for at in (row.asked_at, row.message_at, row.confirmed_at, row.tried_at):
        assert (at.minute, at.second, at.microsecond) == (0, 0, 0)


def test_unconfirmed_addresses_and_networks_are_erased_on_time(db):
    now = timezone.now()
    SubscriberFactory(confirmed_at=None, asked_at=now - timedelta(days=15))
    kept = SubscriberFactory(asked_at=now - timedelta(days=999), network=b"n" * 16, tried_at=now - timedelta(days=31))
    call_command("retention")

    row = Subscriber.objects.get()
    assert (row.pk, row.network, row.tried_at) == (kept.pk, None, None)


def test_subscribers_who_get_no_more_mail_are_erased_after_a_month(db):
    kept = [SubscriberFactory(email=f"{name}@example.org") for name in ("reachable", "lately")]
    SubscriberFactory(email="long@example.org")
    SuppressedAddress.objects.bounced("long@example.org")
    SuppressedAddress.objects.update(since=timezone.localdate() - timedelta(days=32))
    SuppressedAddress.objects.bounced("lately@example.org")
    call_command("retention")

    assert {row.pk for row in Subscriber.objects.all()} == {row.pk for row in kept}
    assert SuppressedAddress.objects.is_suppressed("long@example.org")


def test_a_subject_access_request_finds_the_subscriber_and_their_messages(join):
    join()
    found = [entry.what for entry in held_about(RUTH)]

    assert "Subscriber" in found
    assert "Message" in found
    assert Message.objects.count() == 1


def test_the_hash_of_a_news_address_is_used_for_no_other_purpose(join):
    join()

    assert bytes(Subscriber.objects.get().email_hash) != address_hash(RUTH)
