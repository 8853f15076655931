"""The page on which people unsubscribe, with a button or with one click in a mail program (RFC 8058)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from campaign.mail.models import SuppressedAddress
from campaign.mailings import unsubscribing
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.models.delivery import person_hash
from campaign.mailings.sources import SOURCES
from campaign.news.models import Subscriber
from campaign.privacy.erasures import Erasure, read, write_waiting
from campaign.privacy.models import ErasureEntry
from pledges.erasure_replay import replay
from pledges.mailboxes import second_hash
from pledges.models import Signature
from tests.factories import SignatureFactory
from tests.mail.bounces.conftest import delivery as deliver
from tests.news.conftest import RUTH
from tests.news.factories import SubscriberFactory

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
PARTS = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'

pytestmark = pytest.mark.django_db


def path_of(row, source="news.subscribers"):
    return f"/news/unsubscribe/{unsubscribing.token(source, row.pk)}/"


def news_of(address):
    """Return the sources that still send news to an address."""
    found = [(name, *one) for name, source in SOURCES.items() for one in source.recipients(name, None)]
    return {name for name, _row, reached in found if reached == address}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, FORM),
        (PARTS, "multipart/form-data; boundary=x"),
        ("garbage", "multipart/form-data"),
        ("", ""),
        ("\xff{", "application/json"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}])
def test_one_click_in_a_mail_program_unsubscribes_at_once_whatever_it_posts(body, kind, headers):
    client = Client(enforce_csrf_checks=True)
    subscriber = SubscriberFactory(email=RUTH)
    response = client.generic("POST", path_of(subscriber), body, content_type=kind, headers=headers)

    assert response.status_code == 200
    assert not response.cookies
    assert not Subscriber.objects.exists()


def test_opening_the_page_changes_nothing_and_nothing_is_cached_or_passed_on(client):
    subscriber = SubscriberFactory(email=RUTH)
    for send in (client.get, client.head, client.options, client.put):
        send(path_of(subscriber))
        send(f"{path_of(subscriber)}never/")
    response = client.get(path_of(subscriber))

    assert news_of(RUTH) == {"news.subscribers"}
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert RUTH not in response.content.decode()
    assert "Stop sending me news" in response.content.decode()


def test_posting_twice_or_after_the_row_is_deleted_gets_the_same_answer(client):
    path = path_of(SubscriberFactory())
    first, again = client.post(path), client.post(path)
    never_there = client.post(f"/news/unsubscribe/{unsubscribing.token('news.subscribers', uuid4())}/")

    assert [one.status_code for one in (first, again, never_there)] == [200] * 3
    assert first.content.decode().split("<main")[1].count("You will get no more news") == 1
    assert "You will get no more news" in never_there.content.decode()


@pytest.mark.parametrize("token", ["x", "A" * 60, "%00", "%F0%9F%91%8B", "a b", "=" * 9, "A" * 5000])
def test_a_damaged_link_is_explained(client, token):
    for path in (f"/news/unsubscribe/{token}/", f"/news/unsubscribe/{token}/never/"):
        for send in (client.get, client.post):
            assert send(path).status_code in (400, 404)


def test_fifteen_posts_from_one_network_all_unsubscribe(client):
    subscribers = [SubscriberFactory() for _number in range(15)]
    headers = {"X-Forwarded-For": "192.0.2.1"}

    assert {client.post(path_of(one), headers=headers).status_code for one in subscribers} == {200}
    assert not Subscriber.objects.exists()


def test_one_message_is_enough_to_stop_news_of_every_pledge_and_of_the_list(client):
    for use in range(3):
        first = SignatureFactory(confirmed=True, email=RUTH, updates=True)
        second = SignatureFactory(confirmed=True, email="RUTH@example.org", updates=True)
        subscriber = SubscriberFactory(email=RUTH)
        other = SignatureFactory(confirmed=True, updates=True)
        links = [path_of(first, "pledges.signers"), path_of(second, "pledges.signers"), path_of(subscriber)]
        client.post(links[use])

        assert not news_of(RUTH)
        assert not news_of("RUTH@example.org")
        assert news_of(other.email) == {"pledges.signers"}
        assert {first.state, second.state} == {"confirmed"}
        assert Signature.objects.filter(state="confirmed", pk__in=[first.pk, second.pk]).count() == 2


def test_a_link_in_an_old_message_still_stops_all_news_after_its_own_box_was_unticked(client):
    old = SignatureFactory(confirmed=True, email=RUTH, updates=False)
    SubscriberFactory(email=RUTH)
    client.post(path_of(old, "pledges.signers"))

    assert not news_of(RUTH)


def test_neither_signer_in_a_shared_mailbox_gets_any_more_news(client):
    first = SignatureFactory(confirmed=True, email=RUTH, updates=True)
    hashed = second_hash(first.email_hash)
    SignatureFactory(pledge=first.pledge, confirmed=True, email=RUTH, email_hash=hashed, updates=True)
    client.post(path_of(first, "pledges.signers"))

    assert not news_of(RUTH)


def test_a_link_from_an_erased_signature_finds_the_person_through_another_delivery(client):
    signature = SignatureFactory(confirmed=True, email=RUTH, updates=True)
    subscriber = SubscriberFactory(email=RUTH)
    for row, source in ((signature, "pledges.signers"), (subscriber, "news.subscribers")):
        mailing = Mailing.objects.create(subject="News")
        kept = {"person": person_hash(RUTH), "domain_hash": b"d" * 8}
        Delivery.objects.create(mailing=mailing, source=source, row=row.pk, **kept)
    signature.withdraw()
    client.post(path_of(signature, "pledges.signers"))

    assert not news_of(RUTH)


def test_the_never_again_button_also_suppresses_the_mailbox(client, settings):
    settings.ERASURE_JOURNAL = ""
    signature = SignatureFactory(confirmed=True, email="ruth+x@example.org", updates=True)
    path = f"{path_of(signature, 'pledges.signers')}never/"

    assert "We will not write to you again" in client.post(path).content.decode()
    assert SuppressedAddress.objects.is_suppressed("ruth+y@example.org")
    assert {erasure.what for erasure in journal()} == {"no-news", "never"}
    assert not news_of("ruth+x@example.org")


def test_the_never_again_button_says_so_if_the_address_has_been_erased(client):
    subscriber = SubscriberFactory(email=RUTH)
    path = path_of(subscriber)
    client.post(path)

    assert "We no longer hold your address" in client.post(f"{path}never/").content.decode()
    assert not SuppressedAddress.objects.exists()


def journal():
    """Return the erasures in the journal, oldest first."""
    return [Erasure.parse(entry.line) for entry in ErasureEntry.objects.order_by("pk")]


def test_restoring_a_backup_resubscribes_only_people_who_asked_again(client, settings):
    settings.ERASURE_JOURNAL = ""
    signature = SignatureFactory(confirmed=True, email=RUTH, updates=True)
    subscriber = SubscriberFactory(email=RUTH, asked_at=timezone.now() - timedelta(days=2))
    client.post(path_of(subscriber))
    erasures = journal()
    assert {erasure.what for erasure in erasures} == {"no-news", "news"}

    Signature.objects.update(updates=True)
    SubscriberFactory(email=RUTH, asked_at=timezone.now() - timedelta(days=2))
    assert [replay(erasure) for erasure in erasures] == [True, True]
    assert not news_of(RUTH)
    assert [replay(erasure) for erasure in erasures] == [False, False]

    later = timezone.now() + timedelta(days=1)
    SubscriberFactory(email=RUTH, asked_at=later)
    Signature.objects.filter(pk=signature.pk).update(updates=True, confirmation_sent_at=later)
    assert [replay(erasure) for erasure in erasures] == [False, False]
    assert news_of(RUTH) == {"news.subscribers", "pledges.signers"}


def test_the_journal_does_not_show_whose_mailbox_a_subscribers_was(client, tmp_path, settings):
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures.log")
    for number in range(8):
        client.post(f"{path_of(SubscriberFactory(email=f'{number}@example.org'))}never/")
    write_waiting()
    call_command("retention")
    erased, _damaged = read(tmp_path / "erasures.log")
    hashes = [one.address_hash for one in erased if one.what == "news"]

    assert [one.what for one in erased] == ["never"] * 8 + ["news"] * 8
    assert {one.at.strftime("%H:%M:%S") for one in erased if one.what == "news"} == {"23:59:59"}
    assert hashes == sorted(hashes)


def test_deliveries_of_people_who_have_left_do_not_keep_their_keys(client):
    subscriber, signature = SubscriberFactory(), SignatureFactory(confirmed=True, updates=True)
    mailing = Mailing.objects.create(subject="News")
    for row, source in ((subscriber, "news.subscribers"), (signature, "pledges.signers")):
        deliver(mailing, row.email, source=source, row=row.pk).save()
    client.post(path_of(subscriber))
    signature.withdraw()

    assert not Delivery.objects.filter(row__in=[subscriber.pk, signature.pk]).exists()
    assert Delivery.objects.get(source="news.subscribers").is_unsubscribed
    client.post(path_of(signature, "pledges.signers"))
    assert Delivery.objects.get(source="pledges.signers").is_unsubscribed
