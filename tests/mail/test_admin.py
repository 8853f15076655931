"""The admin of messages: kinds and problems in plain words, and sending messages again."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from campaign.audit.acts import Act
from campaign.audit.models import AuditEntry
from campaign.email_addresses.canonical import mailbox_hash
from campaign.mail.kinds import NAMES
from campaign.mail.models import MAX_ATTEMPTS, MIN_PATIENCE, Message, SuppressedAddress
from campaign.mail.outbox import send_waiting
from campaign.mail.rate_limit import RateLimit
from campaign.mail.writers import FOR_ANYBODY, WRITERS
from tests.accounts.organisers import sign_in
from tests.factories import MessageFactory, SignatureFactory, SiteSettingsFactory

URL = "/admin/mail/message/"
RUTH = "ruth@example.org"
Outcome = Message.Outcome

pytestmark = pytest.mark.django_db


def give_up(message, *, days=6):
    """Mark a message as given up some days after it was created."""
    now = timezone.now()
    then = {"created_at": now - timedelta(days=days), "first_tried_at": now, "done_at": now}
    problem = {"problem": "SMTPRecipientsRefused 550", "attempts": MAX_ATTEMPTS, "outcome": Outcome.GAVE_UP}
    Message.objects.filter(pk=message.pk).update(**then, **problem)
    return message


def send_again(client, *messages):
    answers = {"action": "send_again", "_selected_action": [message.pk for message in messages]}
    return client.post(URL, answers, follow=True).content.decode()


def state(message):
    message.refresh_from_db()
    return message.outcome


def test_every_kind_of_message_has_a_name():
    assert set(NAMES) == set(WRITERS) - {"greeting"}
    assert all(str(name)[:1].isupper() and "." not in str(name) for name in NAMES.values())


def test_the_list_shows_kinds_and_problems_in_words(client):
    give_up(MessageFactory(kind="pledges.confirm"))
    MessageFactory(kind="from-the-future", problem="unknown kind")
    sign_in(client)
    page = client.get(URL).content.decode()

    assert page.count("Confirmation of a signature") == 3  # the row, its tick box and the filter
    assert "pledges.confirm</" not in page
    assert "from-the-future" in page
    assert "The mail server refuses this mailbox, which probably does not exist (550)" in page
    assert "Waiting for the newer version" in page


def test_the_list_is_filtered_by_the_name_of_a_kind(client):
    MessageFactory(kind="pledges.confirm")
    receipt = MessageFactory(kind="fundraising.receipt")
    sign_in(client)
    page = client.get(URL, {"kind": "fundraising.receipt"}).content.decode()

    assert str(receipt.pk) in page
    assert "1 message" in page


def test_a_message_is_shown_with_its_state_and_codes(client):
    message = give_up(MessageFactory(kind="pledges.confirm"))
    sign_in(client)
    page = client.get(f"{URL}{message.pk}/change/").content.decode()

    assert f"Confirmation of a signature {message.pk}" in page
    assert "given up" in page
    assert "which probably does not exist (550)" in page
    assert 'name="_save"' not in page
    assert ">None<" not in page


def test_the_list_takes_few_queries(client, django_assert_max_num_queries):
    MessageFactory.create_batch(10, kind="greeting")
    sign_in(client)
    with django_assert_max_num_queries(10):
        client.get(URL)


def test_a_message_that_was_given_up_is_sent_again(client, greet, smtp):
    message = give_up(greet(RUTH))
    organiser = sign_in(client)

    assert "1 message will be sent again." in send_again(client, message)
    assert AuditEntry.objects.filter(act=Act.SEND_AGAIN).get().actor == organiser.pk
    send_waiting()
    assert smtp.recipients == [RUTH]
    assert state(message) == Outcome.SENT


def test_a_message_sent_again_gets_another_five_days(client, greet, smtp, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    message = give_up(greet(RUTH), days=30)
    sign_in(client)
    send_again(client, message)
    smtp.reply = "451 4.7.1 Try again later"
    while not message.done_at:
        time_machine.move_to(message.due_at if message.attempts else timezone.now(), tick=False)
        send_waiting()
        message.refresh_from_db()

    assert message.outcome == Outcome.GAVE_UP
    assert message.done_at - start >= MIN_PATIENCE


def test_a_large_selection_is_sent_again_in_batches(client, greet, monkeypatch):
    monkeypatch.setattr("campaign.mail.admin.MAX_AT_ONCE", 2)
    several = [give_up(greet(RUTH)) for _ in range(3)]
    sign_in(client)

    assert "2 at a time" in send_again(client, *several)
    assert "1 message will be sent again." in send_again(client, *several)


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.DROPPED, Outcome.WAITING])
def test_no_other_message_is_sent_again(client, greet, smtp, outcome):
    finished = None if outcome == Outcome.WAITING else timezone.now()
    later = timezone.now() + timedelta(hours=1)
    message = greet(RUTH, outcome=outcome, done_at=finished, due_at=later)
    sign_in(client)

    assert "Only messages that were given up can be sent again, at most 1000 at a time." in send_again(client, message)
    assert Message.objects.all().send_again(timezone.now()) == 0
    send_waiting()
    assert smtp.received == []
    assert state(message) == outcome
    assert not AuditEntry.objects.filter(act=Act.SEND_AGAIN).exists()


def test_a_message_to_a_suppressed_address_is_not_sent_again(client, greet, smtp):
    message = give_up(greet(RUTH))
    SuppressedAddress.objects.create(address_hash=mailbox_hash(RUTH))
    sign_in(client)
    send_again(client, message)
    send_waiting()

    assert (smtp.received, state(message)) == ([], Outcome.DROPPED)


@pytest.mark.parametrize("days", [3, 20])
def test_whether_a_message_still_applies_is_checked_again(client, smtp, days):
    SiteSettingsFactory()
    message = MessageFactory(kind="pledges.confirm")
    signed = timezone.now() - timedelta(days=days)
    SignatureFactory(pk=message.object_id, message_id=message.pk, email=RUTH, signed_at=signed)
    give_up(message, days=days)
    sign_in(client)
    send_again(client, message)
    send_waiting()

    if days == 20:
        assert (smtp.received, state(message)) == ([], Outcome.DROPPED)
    else:
        [envelope] = smtp.received
        assert "The link works once, for 11 days." in envelope.content.decode()


def test_a_message_sent_again_counts_against_todays_rate_limit(client, greet, smtp, monkeypatch, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    monkeypatch.setattr("campaign.mail.outbox.FOR_ANYBODY", FOR_ANYBODY | {"greeting"})
    message = give_up(greet(RUTH))
    two_days_ago = timezone.now() - timedelta(days=2)
    assert [RateLimit.take(RUTH, two_days_ago) for _ in range(4)] == [True] * 3 + [False]
    sign_in(client)
    send_again(client, message)
    send_waiting()

    assert state(message) == Outcome.SENT


def test_sending_again_needs_a_permission_and_a_post_request(client, greet):
    message = give_up(greet(RUTH))
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="view_message"))
    page = client.get(URL, {"action": "send_again", "_selected_action": message.pk}).content.decode()
    assert "Send selected messages again" not in page
    send_again(client, message)

    assert state(message) == Outcome.GAVE_UP
