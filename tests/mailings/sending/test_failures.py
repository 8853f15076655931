"""Refusals, lost connections and unreachable mail servers during sending."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.claiming import MAX_ATTEMPTS
from tests.mailings.crowd import address
from tests.mailings.sending.steps import QUEUED, REFUSED, SENT, UNKNOWN, rows, send


def test_one_failure_affects_nobody_else_and_the_servers_text_is_not_kept(smtp, mailing, crowd):
    smtp.refused = {address(0): "450 4.2.1 p0 is busy", address(1): "550 5.1.1 no p1 here"}
    crowd.people[list(crowd.people)[2]] = "two people@example.org"
    before = timezone.now()
    send()

    assert rows(mailing) == [QUEUED, REFUSED, REFUSED]
    assert rows(mailing, "code") == [
        *("SMTPRecipientsRefused 450 4.2.1", "SMTPRecipientsRefused 550 5.1.1", "unusable address")
    ]
    assert before + timedelta(minutes=1) <= rows(mailing, "due_at")[0] <= timezone.now() + timedelta(minutes=1.25)


def test_a_temporary_refusal_is_retried_for_five_days_and_then_becomes_final(smtp, mailing):
    smtp.refused = {address(0): "450 4.2.1 busy"}
    send()
    first = mailing.deliveries.filter(state=QUEUED)
    first.update(due_at=timezone.now(), attempts=MAX_ATTEMPTS - 1)
    send()

    mailing.refresh_from_db()
    assert rows(mailing) == [REFUSED, SENT, SENT]
    assert mailing.state == Mailing.State.SENT


def test_a_mailing_is_not_finished_while_a_delivery_is_to_be_retried(smtp, mailing):
    smtp.refused = {address(0): "450 4.2.1 busy"}
    send()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.SENDING

    smtp.refused = {}
    mailing.deliveries.update(due_at=timezone.now())
    send()
    mailing.refresh_from_db()
    assert (rows(mailing), mailing.state) == ([SENT] * 3, Mailing.State.SENT)


@pytest.mark.parametrize("reply", ["550 relaying denied", "550 5.7.1 blocked", "451 try later"])
def test_refusals_are_taken_back_if_the_server_refuses_everybody(smtp, mailing, crowd, reply, monkeypatch):
    crowd.__init__(25)
    smtp.refused = {address(number): reply for number in range(25)}

    assert not send()
    mailing.refresh_from_db()
    assert set(rows(mailing)) == {QUEUED}
    assert reply[:3] in mailing.problem

    smtp.refused = {}
    mailing.deliveries.update(due_at=timezone.now())
    assert send()
    mailing.refresh_from_db()
    assert (set(rows(mailing)), mailing.problem) == ({SENT}, "")


def test_an_unreachable_server_costs_nobody_an_attempt(settings, mailing, no_server):
    assert not send()

    mailing.refresh_from_db()
    assert rows(mailing, "attempts") == [0, 0, 0]
    assert mailing.problem == "mail server: ConnectionRefusedError"


@pytest.mark.parametrize("reply", ["530 5.7.0 sign in first", "550 5.1.8 bad sender"])
def test_a_server_that_refuses_our_sender_or_password_makes_everybody_wait(smtp, mailing, reply):
    smtp.sender_reply = reply

    assert not send()
    assert rows(mailing) == [QUEUED] * 3


def test_a_closed_connection_is_reopened_at_once_unless_it_closes_again(smtp, mailing):
    smtp.refused = {address(1): "421 closing"}

    send()
    assert rows(mailing) == [SENT, QUEUED, SENT]


def test_everybody_gets_one_message_even_if_the_server_closes_after_each(smtp, mailing, crowd):
    crowd.__init__(12)
    smtp.closes_after_each = True
    for _time in range(4):
        send()

    assert rows(mailing) == [SENT] * 12
    assert sorted(smtp.recipients) == sorted(map(address, range(12)))


def test_a_message_answered_with_421_has_not_been_accepted(smtp, mailing, crowd):
    smtp.reply = "421 too busy"
    send()
    assert rows(mailing) == [QUEUED] * 3

    smtp.reply = "250 OK"
    mailing.deliveries.update(due_at=timezone.now())
    send()
    assert sorted(smtp.recipients) == sorted(map(address, range(3)))


def test_a_connection_lost_before_the_end_of_a_message_leaves_it_queued(smtp, mailing):
    smtp.hangs_up_on = {address(1)}
    send()
    assert rows(mailing, "state")[1] == QUEUED

    smtp.hangs_up_on = set()
    mailing.deliveries.update(due_at=timezone.now())
    send()
    assert sorted(smtp.recipients) == sorted(map(address, range(3)))


def test_a_connection_lost_after_the_end_of_a_message_leaves_it_unknown(smtp, mailing):
    smtp.swallows = {address(1)}
    send()
    mailing.deliveries.update(due_at=timezone.now())
    send()

    mailing.refresh_from_db()
    assert rows(mailing) == [SENT, UNKNOWN, SENT]
    assert rows(mailing, "code")[1] == "SMTPServerDisconnected"
    assert smtp.recipients.count(address(1)) == 1
    assert list(Delivery.objects.unknown(mailing).values_list("pk", flat=True)) == [rows(mailing, "pk")[1]]
    assert mailing.state == Mailing.State.SENT


@pytest.mark.parametrize(("reply", "state"), [("251 fine", SENT), ("garbage", UNKNOWN), ("354 go on", UNKNOWN)])
def test_a_message_with_an_unexpected_answer_is_never_sent_again(smtp, mailing, crowd, reply, state):
    crowd.__init__(1)
    smtp.reply = reply
    send()
    send()

    assert rows(mailing) == [state]


def test_too_many_unknown_messages_in_a_row_pause_the_mailing(smtp, mailing, crowd, settings, monkeypatch):
    monkeypatch.setattr("campaign.mailings.sending.server.WAIT", 0.0)
    settings.NEWS_CONNECTIONS = 1
    crowd.__init__(20)
    smtp.swallows = {address(number) for number in range(20)}
    send()

    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.PAUSED
    assert rows(mailing).count(UNKNOWN) == 6
    assert mailing.problem


class ApiError(Exception):
    """An error of a provider's API, as django-anymail raises it."""

    def __init__(self, status_code):
        self.status_code = status_code


@pytest.mark.parametrize(("status", "state"), [(422, REFUSED), (429, QUEUED), (500, UNKNOWN), (None, UNKNOWN)])
def test_errors_of_a_providers_api_are_refusals_only_if_it_says_so(mailing, crowd, monkeypatch, status, state):
    def refuse(self, messages):
        raise ApiError(status)

    crowd.__init__(1)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    send()

    assert rows(mailing) == [state]
