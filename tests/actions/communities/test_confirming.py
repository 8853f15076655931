"""A contact confirms by mail that the community joins, with the link or the code in the message."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from actions.communities.models import Community
from campaign.mail.models import SuppressedAddress
from campaign.privacy import crypto
from tests.actions.communities.conftest import LISTED, confirm, join
from tests.actions.communities.factories import CommunityFactory
from tests.mail.links import link_in

pytestmark = pytest.mark.django_db
INBOX = "/community/join/check-your-email/"


def test_only_a_post_confirms_and_only_once(client, send):
    join(client)
    link = link_in(send()[0], "/community/confirm/")

    assert "Example Street Synagogue" in client.get(link).content.decode()
    assert Community.objects.get().confirmed_at is None
    assert confirm(client, link).headers["Location"] == "/community/joined/"
    confirmed_at = Community.objects.get().confirmed_at
    assert confirmed_at
    assert confirm(client, link).status_code == 200
    assert Community.objects.get().confirmed_at == confirmed_at


def test_the_code_opens_the_same_page(client, send):
    join(client)
    code = re.search(r"code: (\w{8})", send()[0].body)[1]

    wrong = client.post(INBOX, {"email": "ruth@example.org", "code": "00000000"})
    assert "does not match" in wrong.content.decode()
    page = client.post(INBOX, {"email": "ruth@example.org", "code": code.lower()}).headers["Location"]
    assert Community.objects.get().confirmed_at is None
    text = client.get(page).content.decode()
    assert all(shown in text for shown in ("Example Street Synagogue", "London", "Ruth Example", "Chair"))
    confirm(client, page)
    assert Community.objects.get().confirmed_at
    assert "does not match" in client.post(INBOX, {"email": "ruth@example.org", "code": code}).content.decode()


def test_a_link_expires(client, send):
    join(client)
    page = client.get(link_in(send()[0], "/community/confirm/"))

    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert "no longer works" in confirm(client, page).content.decode()
    assert Community.objects.get().confirmed_at is None


def test_joining_again_before_confirming_replaces_the_answers(client, send):
    join(client, **LISTED)
    join(client, name="Another name", region="wales")

    row = Community.objects.get()
    assert (row.visibility, row.name, row.region) == ("count", "Another name", "wales")
    assert len(send()) == 1


def test_mistakes_can_be_corrected_again_and_again_with_the_first_message(client, send):
    for name in ("Exmaple Street", "Example Stret", "Example Stereet", "Exampel Street", "Example Street"):
        join(client, name=name)
        send()

    [message] = send()
    confirm(client, link_in(message, "/community/confirm/"))
    row = Community.objects.get()
    assert row.confirmed_at
    assert row.name == "Example Street"


def test_joining_again_sends_another_message_after_ten_minutes(client, send):
    join(client)
    send()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        join(client, name="Another name")
        messages = send()

    assert len(messages) == 2
    assert len({link_in(one, "/community/confirm/") for one in messages}) == 1


def test_nobody_confirms_answers_that_they_have_not_seen(client, send):
    join(client)
    link = link_in(send()[0], "/community/confirm/")
    page = client.get(link)
    join(client, name="Not Ruth’s choice", **{"visibility": "listed", "public_seen": "Not Ruth’s choice"})

    for response in (confirm(client, page), client.post(link)):
        text = response.content.decode()
        assert "the answers have changed" in text
        assert "Not Ruth’s choice" in text
        assert Community.objects.get().confirmed_at is None
    confirm(client, link)
    assert Community.objects.get().confirmed_at


def test_joining_again_after_confirming_changes_nothing_and_mails_the_link(client, send):
    CommunityFactory(email="ruth@example.org", name="The first")
    join(client, **LISTED)

    row = Community.objects.get()
    assert (row.visibility, row.name) == ("count", "The first")
    [message] = send()
    assert row.manage_token in message.body


def test_an_address_gets_three_messages_a_day(client, send):
    CommunityFactory(email="ruth@example.org")
    for minutes in range(0, 60, 11):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            client.post("/community/our-entry/", {"email": "ruth@example.org"})
            send()

    assert len(send()) == 3


def test_the_link_is_sent_at_most_once_in_ten_minutes(client, send):
    CommunityFactory(email="ruth@example.org")
    client.post("/community/our-entry/", {"email": "ruth@example.org"})
    client.post("/community/our-entry/", {"email": "ruth@example.org"})
    join(client)

    assert len(send()) == 1


def test_the_message_can_be_sent_again_after_ten_minutes(client, send):
    join(client)
    client.post("/community/join/send-again/", {"email": "ruth@example.org"})
    assert len(send()) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.post("/community/join/send-again/", {"email": "ruth@example.org"})
        assert len(send()) == 2


def test_never_write_to_me_again_deletes_the_answers(client, send):
    join(client)
    link = link_in(send()[0], "/community/unsubscribe/")

    assert client.get(link).status_code == 200
    assert Community.objects.exists()
    client.post(link)
    assert not Community.objects.exists()
    assert SuppressedAddress.objects.is_suppressed("ruth@example.org")
    join(client)
    assert len(send()) == 1


@pytest.mark.parametrize("token", ["x", "a:b", crypto.token("x", "y")])
@pytest.mark.parametrize("path", ["confirm", "manage", "unsubscribe", "contact/confirm"])
def test_an_unknown_link_is_not_found(client, path, token):
    response = client.get(f"/community/{path}/{token}/")
    assert response.status_code == 404
    assert "no longer works" in response.content.decode()
    assert client.post(f"/community/{path}/{token}/").status_code == 404
