"""`/readyz` distinguishes mail that has stopped for everybody from a few bad addresses."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaign.mail.models import LATE, MIN_FAILURES, Message
from campaign.mail.outbox import send_waiting
from campaign.mail.writers import WRITERS
from campaign.monitoring import machine
from campaign.worker import UnavailableError
from tests.factories import MessageFactory

MINUTE = timedelta(minutes=1)
RUTH = "ruth@example.org"
UNKNOWN, MISTYPED = "550 5.1.1 No such user", "450 4.1.2 Domain not found"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wrong_clock(monkeypatch):
    """Allow this machine's clock to differ from the database's, because only this process travels in time."""
    monkeypatch.setattr(machine, "MAX_CLOCK_SECONDS", float("inf"))


@pytest.fixture
def is_ready(client):
    def ask():
        response = client.get("/readyz")
        assert response.status_code == (200 if response.json()["outbox"] else 503)
        return response.json()["outbox"]

    return ask


@pytest.fixture
def pass_time(time_machine):
    """Let this much time pass in steps of a minute or a hundredth; run a worker at each unless `worker` is False."""
    time_machine.move_to(timezone.now(), tick=False)

    def advance(passed, *, worker=True):
        end = timezone.now() + passed
        while timezone.now() < end:
            time_machine.move_to(min(timezone.now() + max(MINUTE, passed / 100), end), tick=False)
            if worker:
                run_worker()

    return advance


def run_worker():
    try:
        while send_waiting():
            pass
    except UnavailableError:
        pass


def test_a_site_with_nothing_to_send_is_ready(is_ready):
    assert is_ready()


def test_a_missing_worker_is_reported_after_two_minutes(is_ready, pass_time, mailoutbox):
    MessageFactory(kind="greeting")
    assert is_ready()
    pass_time(LATE - MINUTE / 2, worker=False)
    assert is_ready()
    pass_time(MINUTE, worker=False)
    assert not is_ready()

    run_worker()
    assert is_ready()


def test_a_message_scheduled_for_later_is_not_late(is_ready, pass_time):
    MessageFactory(kind="greeting", due_at=timezone.now() + timedelta(days=1))
    pass_time(timedelta(hours=1), worker=False)

    assert is_ready()


def test_a_long_backlog_is_fine_while_messages_are_being_sent(is_ready, pass_time, mailoutbox, monkeypatch):
    MessageFactory.create_batch(30, kind="greeting")
    pass_time(timedelta(hours=1), worker=False)
    monkeypatch.setattr("campaign.mail.outbox.BATCH", 2)
    send_waiting()

    assert Message.objects.waiting().count() == 28
    assert is_ready()
    pass_time(LATE, worker=False)
    assert not is_ready()


def test_a_long_backlog_is_fine_while_unneeded_messages_are_being_dropped(is_ready, pass_time, monkeypatch):
    monkeypatch.setitem(WRITERS, "greeting", lambda message: None)
    MessageFactory.create_batch(30, kind="greeting")
    pass_time(timedelta(hours=1), worker=False)
    monkeypatch.setattr("campaign.mail.outbox.BATCH", 2)
    send_waiting()

    assert is_ready()


def test_an_unavailable_mail_server_is_reported(is_ready, pass_time, no_server):
    MessageFactory(kind="greeting")
    pass_time(LATE)

    assert not is_ready()


def test_one_mistyped_domain_retried_for_days_raises_no_alarm(smtp, greet, is_ready, pass_time):
    greet(RUTH)
    run_worker()
    mistyped = greet("ruth@gmial.example")
    smtp.refused["ruth@gmial.example"] = MISTYPED
    for _ in range(20):
        pass_time(timedelta(hours=5))
        assert is_ready()

    mistyped.refresh_from_db()
    assert mistyped.attempts > 10
    assert mistyped.outcome == Message.Outcome.WAITING


@pytest.mark.parametrize("reply", [UNKNOWN, MISTYPED])
def test_a_few_bad_addresses_raise_no_alarm_on_a_site_where_nobody_else_signs(smtp, greet, is_ready, pass_time, reply):
    for number in range(MIN_FAILURES - 1):
        greet(f"{number}@bad.example")
        smtp.refused[f"{number}@bad.example"] = reply
        pass_time(MINUTE)
    pass_time(timedelta(hours=12))

    assert is_ready()


def test_many_bad_addresses_among_good_ones_raise_no_alarm(smtp, greet, is_ready, pass_time):
    for number in range(4 * MIN_FAILURES):
        greet(f"{number}@bad.example")
        smtp.refused[f"{number}@bad.example"] = MISTYPED
        if number % 3 == 0:
            greet(RUTH)
        pass_time(3 * MINUTE)
        assert is_ready()


@pytest.mark.parametrize("reply", [UNKNOWN, MISTYPED, "452 4.3.1 Disk full", "550 relay not permitted"])
def test_a_server_that_refuses_every_recipient_is_reported(smtp, greet, is_ready, pass_time, reply):
    greet(RUTH)
    run_worker()
    pass_time(MINUTE)
    for number in range(MIN_FAILURES):
        greet(f"{number}@example.org")
        smtp.refused[f"{number}@example.org"] = reply
    for wait in (LATE + MINUTE, timedelta(hours=12)):
        pass_time(wait)
        assert not is_ready()

    greet(RUTH)
    run_worker()
    assert is_ready()


@pytest.mark.parametrize("reply", ["550 5.7.1 Not your address", "421 4.3.2 Closing"])
def test_a_server_that_refuses_our_sender_is_reported_with_the_first_message(smtp, greet, is_ready, pass_time, reply):
    smtp.sender_reply = reply
    greet(RUTH)
    run_worker()
    assert is_ready()
    pass_time(LATE + MINUTE)
    assert not is_ready()
    pass_time(timedelta(hours=12))
    assert not is_ready()

    smtp.sender_reply = "250 OK"
    pass_time(timedelta(hours=6))
    assert is_ready()


def test_messages_that_cannot_be_written_are_reported(is_ready, pass_time, monkeypatch):
    monkeypatch.setitem(WRITERS, "greeting", lambda message: 1 / 0)
    MessageFactory.create_batch(MIN_FAILURES, kind="greeting")
    pass_time(LATE + MINUTE)

    assert not is_ready()


def test_the_check_is_quick_even_on_a_full_outbox(is_ready, django_assert_max_num_queries):
    # As full as on a busy site: on a small table the query plan varies by chance.
    yesterday = timezone.now() - timedelta(days=1)
    sent = {"outcome": Message.Outcome.SENT, "done_at": yesterday, "first_tried_at": yesterday, "due_at": yesterday}
    given_up = sent | {"outcome": Message.Outcome.GAVE_UP}
    rows = [given_up if number % 50 == 0 else sent for number in range(5000)]
    Message.objects.bulk_create(MessageFactory.build(kind="greeting", **row) for row in rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mail_message")
    with django_assert_max_num_queries(4) as queries:
        assert not Message.objects.is_stalled(timezone.now())

    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Index" in plan
            assert "Seq Scan" not in plan
            assert "Sort" not in plan
