"""Unsubscribing from all messages: `/pledges/unsubscribe/<token>/`."""

import re

import pytest

from campaign.mail.models import Message, SuppressedAddress
from campaign.mail.outbox import send_waiting
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.accounts.organisers import sign_in


@pytest.fixture
def link(mailoutbox):
    """Send waiting messages; return the path of the unsubscribe link in the newest one."""

    def path():
        send_waiting()
        return re.search(r"https?://[^/]+(/pledges/unsubscribe/\S+)", mailoutbox[-1].body)[1]

    return path


def test_opening_the_link_changes_nothing(client, sign, link):
    sign()
    path = link()
    for _ in range(2):
        assert client.get(path).status_code == client.head(path).status_code == 200

    assert Signature.objects.exists()
    assert not SuppressedAddress.objects.exists()


def test_the_button_deletes_the_signature_and_stops_all_messages(client, sign, link, mailoutbox):
    sign()
    path = link()
    assert "We will not write to you again" in client.post(path).content.decode()
    assert not Signature.objects.exists()

    sign(email="RUTH@example.org")
    sign(email="eve@example.org")
    send_waiting()
    assert [message.to for message in mailoutbox] == [["ruth@example.org"], ["eve@example.org"]]
    assert Message.objects.filter(outcome=Message.Outcome.DROPPED).count() == 1
    assert client.post(path).status_code == 404


@pytest.fixture
def meanwhile(monkeypatch):
    """Do something after the request has found the signature and before it suppresses the address."""
    suppress = SuppressedAddress.objects.get_or_create

    def do(act):
        def act_first(**values):
            act()
            return suppress(**values)

        monkeypatch.setattr(SuppressedAddress.objects, "get_or_create", act_first)

    return do


def test_the_second_of_two_simultaneous_clicks_gets_the_same_response(client, sign, link, meanwhile):
    sign()
    path = link()
    meanwhile(Signature.objects.all().delete)

    assert "We will not write to you again" in client.post(path).content.decode()


def test_a_signature_confirmed_meanwhile_is_kept(client, sign, link, confirm_link, meanwhile):
    sign()
    path, confirm = link(), confirm_link()
    meanwhile(lambda: client.post(confirm))
    client.post(path)

    assert Signature.objects.get().state == Signature.State.CONFIRMED


def test_the_count_stays_exact_after_withdrawing_signing_again_and_unsubscribing(client, sign, link, confirm_link):
    sign()
    path = link()
    client.post(confirm_link())
    publish_counts()
    Signature.objects.get().withdraw()
    sign()
    client.post(path)
    publish_counts()

    assert Pledge.objects.with_count().get().count == 0
    assert Signature.objects.get().email is None


def test_only_a_hash_of_the_address_is_kept(client, sign, link):
    sign()
    client.post(link())

    assert len(bytes(SuppressedAddress.objects.get().address_hash)) == 32


def test_a_confirmed_signature_is_kept(client, sign, link, confirm_link):
    sign()
    path = link()
    client.post(confirm_link())
    client.post(path)

    assert Signature.objects.get().state == Signature.State.CONFIRMED


@pytest.mark.parametrize("token", ["nonsense", "0" * 32, "0" * 32 + ":bad"])
def test_a_link_that_was_never_sent_is_not_found(client, pledge, token):
    assert client.get(f"/pledges/unsubscribe/{token}/").status_code == 404
    assert client.post(f"/pledges/unsubscribe/{token}/").status_code == 404


def test_a_page_of_another_site_cannot_unsubscribe_anybody(client, sign, link):
    sign()

    assert client.post(link(), headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_an_organiser_finds_a_suppressed_address_only_in_full_and_can_delete_it(client, sign, link):
    sign()
    client.post(link())
    sign_in(client)
    path = "/admin/mail/suppressedaddress/"
    assert "1 suppressed address" in client.get(path, {"q": "ruth@example.org"}).content.decode()
    assert "0 suppressed addresses" in client.get(path, {"q": "ruth"}).content.decode()

    client.post(f"{path}{SuppressedAddress.objects.get().pk}/delete/", {"post": "yes"})
    assert not SuppressedAddress.objects.exists()


def test_signers_are_warned_first_to_withdraw_while_they_can_still_get_a_link(client, sign, link, pledge):
    sign()
    page = client.get(link()).content.decode()

    assert "do that first" in page
    assert f'href="{pledge.get_absolute_url()}my-signature/"' in page
