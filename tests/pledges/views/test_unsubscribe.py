"""“Never write to me again”: `/pledges/unsubscribe/<token>/`."""

import re

import pytest

from campaign.mail.models import Message, SuppressedAddress
from campaign.mail.outbox import send_waiting
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.accounts.organisers import sign_in


@pytest.fixture
def link(mailoutbox):
    """Send what waits, and give the path of the link in the newest message."""

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


def test_the_button_deletes_what_was_entered_and_no_message_goes_there_again(client, sign, link, mailoutbox):
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
    """Have something happen between the moment the press finds the signature and the moment it acts on it."""
    note = SuppressedAddress.objects.get_or_create

    def happens(act):
        monkeypatch.setattr(SuppressedAddress.objects, "get_or_create", lambda **values: (act(), note(**values))[1])

    return happens


def test_of_two_presses_at_once_the_second_is_answered_as_the_first(client, sign, link, meanwhile):
    sign()
    path = link()
    meanwhile(Signature.objects.all().delete)

    assert "We will not write to you again" in client.post(path).content.decode()


def test_a_signature_confirmed_while_the_button_is_pressed_stays(client, sign, link, confirm_link, meanwhile):
    sign()
    path, confirm = link(), confirm_link()
    meanwhile(lambda: client.post(confirm))
    client.post(path)

    assert Signature.objects.get().state == Signature.State.CONFIRMED


def test_the_count_stays_exact_for_one_that_was_withdrawn_and_entered_again_before_it_moved(
    client, sign, link, confirm_link
):
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


def test_what_is_kept_of_the_address_is_a_hash(client, sign, link):
    sign()
    client.post(link())

    assert len(bytes(SuppressedAddress.objects.get().address_hash)) == 32


def test_a_confirmed_signature_stays(client, sign, link, confirm_link):
    sign()
    path = link()
    client.post(confirm_link())
    client.post(path)

    assert Signature.objects.get().state == Signature.State.CONFIRMED


@pytest.mark.parametrize("token", ["nonsense", "0" * 32, "0" * 32 + ":bad"])
def test_a_link_that_was_never_sent_is_not_found(client, pledge, token):
    assert client.get(f"/pledges/unsubscribe/{token}/").status_code == 404
    assert client.post(f"/pledges/unsubscribe/{token}/").status_code == 404


def test_another_sites_page_cannot_press_the_button(client, sign, link):
    sign()

    assert client.post(link(), headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_an_organiser_finds_an_address_by_the_whole_of_it_and_lets_it_go(client, sign, link):
    sign()
    client.post(link())
    sign_in(client)
    path = "/admin/mail/suppressedaddress/"
    assert "1 address" in client.get(path, {"q": "ruth@example.org"}).content.decode()
    assert "0 addresses" in client.get(path, {"q": "ruth"}).content.decode()

    client.post(f"{path}{SuppressedAddress.objects.get().pk}/delete/", {"post": "yes"})
    assert not SuppressedAddress.objects.exists()
