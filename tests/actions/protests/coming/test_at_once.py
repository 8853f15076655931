"""Simultaneous actions: confirming twice, queuing twice, and dropping out while a message is being sent."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from actions.protests.coming.queuing import queue_news, queue_reminders
from actions.protests.models import Attendee, ProtestChange
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from tests.actions.factories import AttendeeFactory
from tests.actions.protests.coming.conftest import DAY_BEFORE, NOW, TUESDAY

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls):
    """Run each call in its own thread, all at the same moment; return their results."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, call) for call in calls]]


def test_pressing_the_button_twice_at_once_confirms_once(transactional_db, protest):
    attendee = AttendeeFactory(protest=protest, on=TUESDAY, confirmed_at=None)
    rows = Attendee.objects.by_token(attendee.token)
    confirmed = together(*[lambda: rows.all().confirm(NOW)] * 4)

    assert sum(row is not None for row in confirmed) == 1


def test_posting_the_form_twice_at_once_makes_one_attendee(transactional_db, protest):
    occasion = protest.occasion(TUESDAY)
    together(*[lambda: Attendee.come(occasion, "ruth@example.org", "", None, NOW)] * 4)

    assert Attendee.objects.count() == Message.objects.count() == 1


def test_several_workers_queue_each_message_once(transactional_db, protest):
    AttendeeFactory.create_batch(20, protest=protest, on=TUESDAY)
    assert sum(together(*[lambda: queue_reminders(DAY_BEFORE)] * 4)) == 20
    ProtestChange.objects.create(protest=protest, on=TUESDAY, kind="cancelled")
    assert sum(together(*[lambda: queue_news(NOW)] * 4)) == 20
    assert Message.objects.count() == 40


def test_dropping_out_during_a_send_waits_for_it_and_leaves_nothing(
    transactional_db, protest, monkeypatch, time_machine
):
    attendee = AttendeeFactory(protest=protest, on=TUESDAY)
    ProtestChange.objects.create(protest=protest, on=TUESDAY, kind="cancelled")
    queue_news(NOW)
    Message.objects.update(due_at=NOW)
    begun, finish = threading.Event(), threading.Event()

    def send_slowly(message):
        begun.set()
        assert finish.wait(timeout=10)

    monkeypatch.setattr(EmailMessage, "send", send_slowly)
    path = f"/protests/coming/unsubscribe/{attendee.manage_token}/"

    def drop_out():
        assert begun.wait(timeout=10)
        threading.Timer(0.3, finish.set).start()
        return Client().post(path).status_code

    assert together(send_waiting, drop_out) == [1, 200]
    assert not Attendee.objects.exists()
    assert not Message.objects.exists()
