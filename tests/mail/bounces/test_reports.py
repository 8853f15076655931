"""What the messages in the mailbox of bounces report, and which reports are believed."""

import time
from uuid import uuid4

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from campaign.bounces import reports
from campaign.bounces.hardness import is_hard
from campaign.bounces.outcomes import Kind, Outcome
from campaign.mail.envelope import message_id, sealed_address
from tests.mail.bounces.samples import EVE, KEY, RUTH, sample


def outcome(raw, recipient=lambda key: ""):
    return reports.outcome(raw, recipient)


HARD = ["postfix", "exchange", "gmail", "exim_with_status", "qmail", "exim"]
SOFT = ["full", "expired", "policy"]
NOTHING = ["delayed", "out_of_office", "not_spam"]


@pytest.mark.parametrize("name", HARD)
def test_a_missing_mailbox_is_recognised_in_bounces_from_every_kind_of_server(name):
    assert outcome(sample(name)) == Outcome(RUTH, Kind.HARD_BOUNCE)


@pytest.mark.parametrize("name", SOFT)
def test_a_full_mailbox_a_dead_server_and_a_blocked_sender_are_soft_bounces(name):
    assert outcome(sample(name)) == Outcome(RUTH, Kind.SOFT_BOUNCE)


@pytest.mark.parametrize("name", NOTHING)
def test_delays_out_of_office_replies_and_withdrawn_spam_reports_are_not_bounces(name):
    assert outcome(sample(name)) is None


def test_a_spam_report_is_recognised():
    assert outcome(sample("spam_report")) == Outcome(RUTH, Kind.SPAM_REPORT)


@pytest.mark.parametrize("name", [*HARD, "spam_report"])
@pytest.mark.parametrize(
    "identity",
    ["", "<made-up@campaign.example>", f"<{KEY}.{'0' * 11}@campaign.example>", f"<{KEY}@campaign.example>"],
)
def test_a_bounce_of_a_message_that_we_did_not_send_is_not_believed(name, identity):
    assert outcome(sample(name, identity=identity)) is None


@pytest.mark.parametrize("name", [*HARD, "spam_report"])
def test_nobody_can_use_a_message_to_themselves_to_suppress_another_address(name):
    assert outcome(sample(name, RUTH, sealed_to=EVE)) is None


def test_a_redacted_report_is_still_understood():
    raw = sample("spam_report", "redacted", sealed_to=RUTH, key="news.7")

    assert outcome(raw, {"news.7": RUTH}.get) == Outcome(RUTH, Kind.SPAM_REPORT)
    assert outcome(raw, {"news.7": EVE}.get) is None
    assert outcome(raw) is None


def test_a_bounce_of_a_forwarded_message_counts_for_the_address_that_we_wrote_to():
    raw = sample("exchange", EVE, sealed_to=RUTH).replace(f"To: {EVE}".encode(), f"To: {RUTH}".encode())

    assert outcome(raw) == Outcome(RUTH, Kind.HARD_BOUNCE)


@given(st.binary(max_size=200), st.sampled_from([*HARD, "spam_report"]), st.integers(min_value=0, max_value=1500))
def test_every_message_is_read_or_ignored_without_an_error(raw, name, place):
    whole = sample(name)

    assert outcome(raw) is None
    assert outcome(b"From: " + raw) is None
    assert outcome(whole[:place] + raw + whole[place:]) in {None, *(Outcome(RUTH, kind) for kind in Kind)}


@pytest.mark.parametrize(
    ("name", "before", "slow"),
    [
        pytest.param("qmail", "--- Below", "-" * 8_000 + "\n", id="dashes"),
        pytest.param("exim_with_status", "No such user", "mailbox" * 12_000 + "\n ", id="words"),
    ],
)
def test_no_message_takes_long_to_read(name, before, slow):
    """Read a line of a million dashes. It could keep a reader busy for days, and anybody can send one."""
    raw = sample(name).replace(before.encode(), f"{slow}{before}".encode(), 1)
    began = time.process_time()

    assert outcome(raw) is not None
    assert time.process_time() - began < 1


def test_a_message_id_is_sealed_to_one_address():
    identity = message_id(KEY, RUTH)

    assert identity == message_id(KEY, "Ruth@example.org")
    assert sealed_address(identity, [EVE, RUTH]) == RUTH
    assert sealed_address(identity, [EVE]) == ""
    assert len(f"Message-ID: {message_id(uuid4(), RUTH)}") - len(settings.SITE_HOST) < 50
    assert sealed_address(message_id("another", RUTH).replace("another", KEY), [RUTH]) == ""


@pytest.mark.parametrize(
    ("words", "hard"),
    [
        ("550 5.1.1 user unknown", True),
        ("smtp; 550-5.1.1 no 550 5.1.1.", True),
        ("550 #5.1.10", True),
        ("550 5.2.1 account disabled", True),
        ("5.0.0 smtp; 550 Unknown user", True),
        ("550 Invalid recipient", True),
        ("552 5.2.2 user unknown", False),
        ("550 5.7.1 user unknown", False),
        ("5.1.1 but 5.7.1", False),
        ("450 4.1.1 user unknown", False),
        ("550 spam: no such user", False),
        ("550 rejected", False),
        ("554 from 5.1.1.9", False),
        ("", False),
    ],
)
def test_only_words_about_a_missing_mailbox_make_a_bounce_hard(words, hard):
    assert is_hard(words) is hard
