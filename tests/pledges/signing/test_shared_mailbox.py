"""Two signers sharing a mailbox: the second is added through a link sent to that mailbox."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaign.mail.outbox import send_waiting
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.accounts.organisers import sign_in
from tests.pledges.conftest import ANSWERS, post_and_agree

SECOND = {key: value for key, value in ANSWERS.items() if key not in ("email", "kind")} | {"name": "Adam Feldman"}


@pytest.fixture
def confirmed(client, sign, confirm_link):
    """Return a function that signs and confirms as the first person and returns the path of the confirmation link."""

    def act(**changes):
        sign(**changes)
        link = confirm_link()
        client.post(link)
        return link

    return act


@pytest.fixture
def manage_link(client, pledge, mailoutbox):
    """Return a function that requests a manage link and returns its path."""

    def act():
        client.post(f"{pledge.get_absolute_url()}my-signature/", {"email": "ruth@example.org"})
        while send_waiting():
            pass
        return re.search(r"https?://[^/]+(/pledges/manage/\S+)", mailoutbox[-1].body)[1]

    return act


def names():
    return sorted(signature.name or "" for signature in Signature.objects.filter(state="confirmed"))


def count():
    while publish_counts():
        pass
    return Pledge.objects.with_count().get().count


def test_the_confirmation_page_offers_to_add_a_second_person(client, confirmed, mailoutbox):
    link = confirmed()
    assert 'href="add/"' in client.get(link).content.decode()
    response = client.post(f"{link}add/", SECOND)

    assert response.headers["Location"].endswith("/thank-you/")
    assert names() == ["Adam Feldman", "Ruth Feldman"]
    assert count() == 2
    send_waiting()
    assert len(mailoutbox) == 1


def test_the_manage_page_offers_it_too_and_links_to_both_signatures(client, confirmed, manage_link):
    confirmed()
    link = manage_link()
    assert 'href="add/"' in client.get(link).content.decode()
    client.post(f"{link}add/", SECOND)

    page = client.get(link).content.decode()
    assert "Ruth Feldman" in page
    assert 'href="second/"' in page
    assert "Adam Feldman" in client.get(f"{link}second/").content.decode()


def test_opening_the_page_adds_nobody(client, confirmed):
    link = confirmed()
    assert client.get(f"{link}add/").status_code == 200

    assert names() == ["Ruth Feldman"]


def test_only_one_person_can_be_added(client, confirmed, manage_link):
    link = confirmed()
    client.post(f"{link}add/", SECOND)
    third = SECOND | {"name": "Leah Feldman"}

    assert client.post(f"{link}add/", third).status_code == 404
    assert client.post(f"{manage_link()}add/", third).status_code == 404
    assert names() == ["Adam Feldman", "Ruth Feldman"]


def test_a_link_that_has_not_confirmed_anything_adds_nobody(client, sign, confirm_link):
    sign()

    assert client.post(f"{confirm_link()}add/", SECOND).status_code == 404
    assert client.post("/pledges/confirm/nonsense/add/", SECOND).status_code == 404
    assert client.post("/pledges/manage/nonsense/add/", SECOND).status_code == 404


def test_nobody_is_added_to_a_closed_pledge(client, confirmed):
    link = confirmed()
    Pledge.objects.update(closes_at=timezone.now())

    assert "add/" not in client.get(link).content.decode()
    assert client.post(f"{link}add/", SECOND).status_code == 404


def test_a_second_person_can_be_added_after_count_me_only_but_gets_no_news(client, confirmed, manage_link):
    link = confirmed(visibility="count")
    assert "Send me news" not in client.get(f"{link}add/").content.decode()
    client.post(f"{link}add/", SECOND | {"updates": "on"})

    added = Signature.objects.get(visibility="private")
    assert (added.name, added.email, added.updates) == ("Adam Feldman", None, False)
    assert "Adam Feldman" in client.get(f"{manage_link()}second/").content.decode()


def test_a_public_second_signer_is_first_shown_what_will_be_public(client, confirmed):
    link = f"{confirmed()}add/"
    public = SECOND | {"visibility": "public", "shown_name": "Adam"}
    assert "Anyone in any country will be able to see this" in client.post(link, public).content.decode()
    assert names() == ["Ruth Feldman"]
    post_and_agree(client, link, public)

    assert Signature.objects.get(visibility="public").public_name == "Adam"


def test_either_can_withdraw_alone_and_the_other_still_has_a_link(client, confirmed, manage_link):
    client.post(f"{confirmed()}add/", SECOND)
    link = manage_link()
    client.post(f"{link}second/", {"withdraw": "1"})
    assert names() == ["Ruth Feldman"]
    client.post(f"{link}add/", SECOND)
    client.post(link, {"withdraw": "1"})
    assert names() == ["Adam Feldman"]

    page = client.get(manage_link()).content.decode()
    assert "Adam Feldman" in page
    assert 'href="add/"' not in page


def test_signing_again_changes_neither_of_two_signatures(client, confirmed, sign, mailoutbox):
    client.post(f"{confirmed()}add/", SECOND)
    sign(name="Somebody Else")
    send_waiting()

    assert names() == ["Adam Feldman", "Ruth Feldman"]
    assert Signature.objects.count() == 2
    assert "Adam" not in mailoutbox[-1].body


@pytest.mark.django_db(transaction=True)
def test_only_one_of_four_simultaneous_posts_adds_a_person(client, sign, confirm_link):
    sign()
    link = confirm_link()
    client.post(link)

    def post(number):
        try:
            return Client().post(f"{link}add/", SECOND | {"name": f"Adam {number}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(post, "abcd")) <= {302, 404}
    assert len(names()) == 2


def test_the_page_for_a_second_person_shows_what_they_sign_and_has_an_exit_link(client, pledge, confirmed):
    page = client.get(f"{confirmed()}add/").content.decode()

    assert 'href="#demands"' in page
    assert 'id="demands"' in page
    assert pledge.statement in page
    assert "Exit this page" in page


def test_the_manage_page_asks_about_sharing_only_while_a_second_person_can_be_added(client, confirmed, manage_link):
    confirmed()
    link = manage_link()
    assert "Do you share this mailbox?" in client.get(link).content.decode()
    Pledge.objects.update(closes_at=timezone.now())

    page = client.get(link).content.decode()
    assert "Do you share this mailbox?" not in page
    assert "You can sign again" not in page


def test_an_organiser_finds_both_by_the_address(client, confirmed):
    client.post(f"{confirmed()}add/", SECOND)
    sign_in(client)

    found = client.get("/admin/pledges/signature/", {"q": "RUTH@example.org"}).context["cl"].result_list
    assert sorted(one.name for one in found) == ["Adam Feldman", "Ruth Feldman"]


@pytest.mark.parametrize("which", ["first", "second"])
def test_if_either_blocks_all_messages_neither_gets_news(client, confirmed, manage_link, mailoutbox, which):
    link = confirmed(updates="on")
    client.post(f"{link}add/", SECOND | {"updates": "on"})
    assert Signature.objects.filter(updates=True).count() == 2
    if which == "second":
        client.post(manage_link(), {"withdraw": "1"})
        manage_link()
    client.post(re.search(r"https?://[^/]+(/pledges/unsubscribe/\S+)", mailoutbox[-1].body)[1])

    assert not Signature.objects.filter(updates=True).exists()
