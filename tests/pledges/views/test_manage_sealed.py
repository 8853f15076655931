"""Changing and withdrawing a signature whose name and address have been sealed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.mail.outbox import send_waiting
from campaign.sealing.open_sealed import opened
from pledges.models import Signature
from pledges.sealing import seal_due
from tests.factories import SignatureFactory
from tests.pledges.conftest import ANSWERS, post_and_agree

PRIVATE = {"name": "", "visibility": "private"}
PUBLIC = {"name": "", "visibility": "public"}


@pytest.fixture
def make_sealed(pledge, private_key):
    """Return a function that makes a confirmed signature and seals it."""

    def make(**fields):
        signed = {"signed_at": timezone.now() - timedelta(days=3), "confirmed": True, "email": "ruth@example.org"}
        signature = SignatureFactory(pledge=pledge, name="Ruth Feldman", **signed | fields)
        assert seal_due(timezone.now()) == 1
        return signature

    return make


@pytest.fixture
def signature(make_sealed):
    return make_sealed()


@pytest.fixture
def link(client, pledge, mailoutbox):
    """Ask for a link with an address; return the link's path, and check where the message went."""

    def ask(address="ruth@example.org"):
        client.post(f"{pledge.get_absolute_url()}my-signature/", {"email": address})
        send_waiting()
        assert mailoutbox[-1].to == [address]
        return re.search(r"https?://[^/]+(/pledges/manage/\S+)", mailoutbox[-1].body)[1]

    return ask


def stored():
    return Signature.objects.get()


def test_the_link_goes_to_the_typed_address_and_its_page_shows_no_name(client, signature, link):
    html = client.get(link()).content.decode()

    assert "Your name is sealed" in html
    assert not re.search(r"sealed:|Feldman", html)


def test_leaving_the_name_empty_keeps_the_sealed_one(client, signature, link, private_key):
    assert client.post(link(), PRIVATE).status_code == 302

    assert opened(stored().sealed_name, private_key) == {"name": "Ruth Feldman"}
    assert stored().name is None


def test_a_new_name_replaces_the_sealed_one_and_is_sealed_in_the_next_turn(client, signature, link, private_key):
    client.post(link(), PRIVATE | {"name": "Ruth Cohen"})
    assert (stored().name, stored().sealed_name) == ("Ruth Cohen", None)
    assert seal_due(timezone.now()) == 1

    assert stored().name is stored().name_hash is None
    assert opened(stored().sealed_name, private_key) == {"name": "Ruth Cohen"}
    assert opened(stored().sealed_email, private_key) == {"email": "ruth@example.org"}


def test_asking_for_news_stores_the_address_that_the_link_was_sent_to(client, signature, link):
    client.post(link(), PRIVATE | {"updates": "on"})

    assert (stored().email, stored().sealed_email) == ("ruth@example.org", None)
    assert list(Signature.objects.wanting_news()) == [signature]
    assert seal_due(timezone.now()) == 0


def test_giving_up_news_seals_the_address_again(client, signature, link, private_key):
    path = link()
    client.post(path, PRIVATE | {"updates": "on"})
    client.post(path, PRIVATE)
    seal_due(timezone.now())

    assert stored().email is None
    assert opened(stored().sealed_email, private_key) == {"email": "ruth@example.org"}


def test_a_sealed_name_becomes_public_only_by_entering_one(client, signature, link):
    path = link()
    refused = client.post(path, PUBLIC).content.decode()
    assert "Enter your full name, or a name to show" in refused
    assert stored().visibility == "private"
    post_and_agree(client, path, PUBLIC | {"shown_name": "Ruth F."})

    assert (stored().visibility, stored().public_name) == ("public", "Ruth F.")
    assert stored().sealed_name


def test_a_sealed_organisation_cannot_become_public(client, make_sealed, link, private_key):
    make_sealed(kind="organisation", organisation="Quill Society")
    answers = PUBLIC | {"name": "Ruth Cohen", "shown_name": "Ruth"}
    refused = post_and_agree(client, link(), answers).content.decode()

    assert "We can’t show your organisation" in refused
    assert stored().visibility == "private"
    assert opened(stored().sealed_organisation, private_key) == {"organisation": "Quill Society"}


def test_a_new_contact_leaves_the_sealed_organisation_alone(client, make_sealed, link, private_key):
    make_sealed(kind="organisation", organisation="Quill Society")
    client.post(link(), PRIVATE | {"name": "Ruth Cohen"})
    seal_due(timezone.now())

    assert opened(stored().sealed_name, private_key) == {"name": "Ruth Cohen"}
    assert opened(stored().sealed_organisation, private_key) == {"organisation": "Quill Society"}


def test_withdrawing_erases_the_boxes(client, signature, link):
    client.post(link(), {"withdraw": "1"})

    assert (stored().state, stored().sealed_name, stored().sealed_email) == ("withdrawn", None, None)


def test_count_me_only_erases_the_boxes(client, signature, link):
    client.post(link(), {"name": "", "visibility": "count"})

    assert (stored().visibility, stored().sealed_name, stored().sealed_email) == ("count", None, None)


def test_signing_twice_is_still_noticed(client, signature, pledge, sign):
    sign(name="Ruth Feldman", email="RUTH@example.org")

    assert stored().sealed_name


def test_a_second_person_can_share_a_sealed_mailbox(client, signature, link, private_key):
    path = link()
    answers = {question: ANSWERS[question] for question in ("country", "visibility", "agree")}
    client.post(f"{path}add/", answers | {"name": "Eve Feldman"})

    assert Signature.objects.exclude(pk=signature.pk).get().name == "Eve Feldman"
