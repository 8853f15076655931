"""Workers that die or hang while sending a message: real processes and a real mail server."""

import os
import re
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaign.mail.failures import Failure
from campaign.mail.models import MAX_ATTEMPTS, MIN_PATIENCE, Message
from campaign.mail.outbox import deliver, send_waiting
from tests.bench.load import database_url
from tests.factories import MessageFactory
from tests.mail.conftest import Inbox, use
from tests.mailserver import mail_server

PATIENCE = 60
# A worker that knows greetings, and a kind of message that kills it when written.
WORKER = """
import os, signal, sys
import django
django.setup()
from django.core.mail import EmailMessage
from django.core.management import call_command
from campaign.mail.writers import WRITERS
WRITERS["deadly"] = lambda message: %s
WRITERS["greeting"] = lambda message: EmailMessage("Hello", str(message.object_id), to=["ruth@example.org"])
call_command("send_mail", "--once")
"""
DEATHS = {
    "exit": "os._exit(9)",
    "kill": "os.kill(os.getpid(), signal.SIGKILL)",
    "sys.exit": "sys.exit(9)",
    "interrupt": "(_ for _ in ()).throw(KeyboardInterrupt)",
}

pytestmark = pytest.mark.django_db(transaction=True)


def run_worker(inbox, death="None"):
    """Run a worker on the database of this test until it ends; return its exit status."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "campaign.settings",
        "DATABASE_URL": database_url(),
        "EMAIL_URL": inbox.url,
    }
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", WORKER % death], env=environment, stderr=subprocess.DEVNULL
    )
    inbox.worker = process.pid
    return process.wait(PATIENCE)


@pytest.mark.parametrize("death", DEATHS)
def test_a_message_that_kills_the_worker_is_postponed_and_the_others_are_sent(smtp, death):
    before = timezone.now()
    deadly = MessageFactory(kind="deadly", due_at=before - timedelta(hours=1))
    MessageFactory.create_batch(2, kind="greeting")

    assert run_worker(smtp, DEATHS[death]) != 0
    assert run_worker(smtp, DEATHS[death]) == 0

    deadly.refresh_from_db()
    assert len(smtp.received) == 2
    assert (deadly.outcome, deadly.attempts, deadly.problem) == (Message.Outcome.WAITING, 1, "unfinished")
    assert deadly.due_at >= before + timedelta(minutes=1)


def test_a_message_that_has_killed_sixteen_workers_is_given_up_without_another_attempt(smtp):
    deadly = MessageFactory(kind="deadly", attempts=MAX_ATTEMPTS, problem="unfinished")
    Message.objects.update(created_at=timezone.now() - MIN_PATIENCE)

    assert run_worker(smtp, DEATHS["kill"]) == 0

    deadly.refresh_from_db()
    assert (deadly.outcome, deadly.problem) == (Message.Outcome.GAVE_UP, "unfinished")


class Assassin(Inbox):
    """Kills the worker once it has received a message, before acknowledging it."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.received.append(envelope)
        if len(self.received) == 1:
            os.kill(self.worker, signal.SIGKILL)
        return "250 OK"


def test_a_message_is_sent_again_with_the_same_id_if_the_worker_is_killed_before_the_reply(greet):
    message = greet("ruth@example.org")
    with mail_server(Assassin()) as inbox:
        assert run_worker(inbox) == -signal.SIGKILL
        assert run_worker(inbox) == 0
        assert len(inbox.received) == 1
        Message.objects.update(due_at=timezone.now())
        assert run_worker(inbox) == 0

    ids = [re.search(rb"^Message-ID: (\S+)", each.content, re.MULTILINE)[1] for each in inbox.received]
    message.refresh_from_db()
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert (message.outcome, message.attempts) == (Message.Outcome.SENT, 2)


class Sleepy(Inbox):
    """Replies only when it is woken."""

    def __init__(self):
        super().__init__()
        self.asked, self.woken = threading.Event(), threading.Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.asked.set()
        await server.loop.run_in_executor(None, self.woken.wait, PATIENCE)
        return await super().handle_DATA(server, session, envelope)


def send_in_thread():
    try:
        return send_waiting()
    finally:
        connection.close()


def test_a_message_that_takes_long_to_send_is_not_sent_by_another_worker_as_well(settings, greet, time_machine):
    message = greet("ruth@example.org")
    settings.EMAIL_TIMEOUT = PATIENCE
    with mail_server(Sleepy()) as inbox, ThreadPoolExecutor(1) as pool:
        use(settings, inbox.port)
        slow = pool.submit(send_in_thread)
        assert inbox.asked.wait(PATIENCE)
        time_machine.move_to(timezone.now() + timedelta(hours=7))
        assert Message.objects.due(timezone.now()).exists()
        assert send_waiting() == 0
        inbox.woken.set()
        assert slow.result(PATIENCE) == 1

    message.refresh_from_db()
    assert len(inbox.received) == 1
    assert (message.outcome, message.attempts) == (Message.Outcome.SENT, 1)


def test_a_worker_paused_for_long_leaves_its_message_to_the_one_that_has_claimed_it_since(mailoutbox, time_machine):
    MessageFactory(kind="greeting")
    stopped = Message.objects.claim(timezone.now())
    time_machine.move_to(timezone.now() + timedelta(hours=7))
    other = Message.objects.claim(timezone.now())

    deliver(stopped, connection=None)
    stopped.fail(Failure("SMTPDataError", 451), timezone.now())

    assert mailoutbox == []
    other.refresh_from_db()
    assert (other.attempts, other.problem) == (2, "unfinished")


def test_several_workers_share_a_real_mail_server_and_send_each_message_once(smtp):
    messages = MessageFactory.create_batch(30, kind="greeting")

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(lambda _number: send_in_thread(), range(3))) == 30

    bodies = [re.search(rb"About (\S+)", envelope.content)[1].decode() for envelope in smtp.received]
    assert sorted(bodies) == sorted(str(message.object_id) for message in messages)
    assert smtp.sessions <= 3
