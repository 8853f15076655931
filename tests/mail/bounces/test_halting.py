"""Sending halts by itself after too many spam reports, or if too many addresses don't exist."""

from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import connection
from django.utils import timezone

from campaign.bounces.effects import act_on
from campaign.bounces.outcomes import Kind, Outcome
from campaign.mail.models import SuppressedAddress
from campaign.mailings.halting import reason_to_halt
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.answers import answer_to
from campaign.mailings.sending.sender import suppress_nonexistent
from tests.mail.bounces.conftest import delivery
from tests.mail.bounces.samples import RUTH
from tests.sizes import size

State = Mailing.State
CALM = {"sent": 0, "spam": 0, "bounced": 0, "refused": 0}


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ({"sent": 499, "spam": 499, "bounced": 499}, ""),
        ({"sent": 500, "spam": 1}, ""),
        ({"sent": 500, "spam": 2}, "spam"),
        ({"sent": 1000, "spam": 2}, ""),
        ({"sent": 1000, "spam": 3}, "spam"),
        ({"sent": 57_000, "spam": 170}, ""),
        ({"sent": 57_000, "spam": 171}, "spam"),
        ({"sent": 500, "bounced": 24}, ""),
        ({"sent": 500, "bounced": 25}, "bounces"),
        ({"sent": 500, "refused": 25}, "bounces"),
        ({"sent": 500, "bounced": 12, "refused": 12}, ""),
        ({"sent": 500, "bounced": 13, "refused": 12}, "bounces"),
        ({"sent": 500, "spam": 2, "bounced": 25}, "spam"),
        ({}, ""),
    ],
)
def test_a_mailing_halts_exactly_at_the_limits(numbers, reason):
    assert reason_to_halt(CALM | numbers) == reason


def report(kind, address):
    act_on(Outcome(address, kind))


def test_the_report_that_reaches_the_limit_halts_the_mailing_and_says_why(mailing, deliver):
    deliver(499)
    report(Kind.SPAM_REPORT, RUTH)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.halted_because) == (State.SENDING, "")

    report(Kind.SPAM_REPORT, "0@example.com")
    mailing.refresh_from_db()
    assert (mailing.state, mailing.halted_because) == (State.HALTED, "spam")


def test_fewer_than_500_accepted_messages_never_halt_a_mailing(mailing, deliver):
    deliver(498)
    for number in range(30):
        report(Kind.HARD_BOUNCE, f"{number}@example.com")

    mailing.refresh_from_db()
    assert mailing.state == State.SENDING


def test_soft_bounces_do_not_halt_a_mailing(mailing, deliver):
    deliver(499)
    for number in range(30):
        report(Kind.SOFT_BOUNCE, f"{number}@example.com")
    mailing.refresh_from_db()
    assert mailing.state == State.SENDING

    for number in range(25):
        report(Kind.HARD_BOUNCE, f"{number}@example.com")
    mailing.refresh_from_db()
    assert (mailing.state, mailing.halted_because) == (State.HALTED, "bounces")


def test_a_halted_mailing_can_be_resumed_and_halts_again_at_the_next_report(mailing, deliver, admin_user):
    deliver(499)
    for address in (RUTH, "0@example.com"):
        report(Kind.SPAM_REPORT, address)
    mailing.refresh_from_db()

    assert mailing.resume(admin_user)
    assert (mailing.state, mailing.halted_because) == (State.SENDING, "")
    report(Kind.SPAM_REPORT, RUTH)  # already reported, so nothing changes
    mailing.refresh_from_db()
    assert mailing.state == State.SENDING
    report(Kind.SPAM_REPORT, "1@example.com")
    mailing.refresh_from_db()
    assert mailing.state == State.HALTED


@pytest.mark.django_db(transaction=True)
def test_concurrent_reports_halt_the_mailing_once():
    for _ in range(size(1, 20)):
        mailing = Mailing.objects.create(subject="News", state=State.SENDING, started_at=timezone.now())
        people = [f"{mailing.pk}.{number}@example.com" for number in range(500)]
        Delivery.objects.bulk_create(delivery(mailing, address) for address in people)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(in_a_thread, people[:2]))

        mailing.refresh_from_db()
        assert (mailing.state, mailing.deliveries.filter(is_spam=True).count()) == (State.HALTED, 2)


def in_a_thread(address):
    try:
        report(Kind.SPAM_REPORT, address)
    finally:
        connection.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reply", "suppressed"),
    [(b"5.1.1 no such user", {RUTH}), (b"5.7.1 blocked", set()), (b"5.2.2 mailbox full", set()), (b"rejected", set())],
)
def test_an_address_refused_during_sending_is_suppressed_only_if_it_does_not_exist(mailing, reply, suppressed):
    row = mailing.deliveries.get()
    error = SMTPRecipientsRefused({RUTH: (550, reply)})
    answer = answer_to(row, error, may_be_accepted=False)
    suppress_nonexistent([answer], {(row.source, row.row): RUTH})

    assert SuppressedAddress.objects.among([RUTH]) == suppressed
