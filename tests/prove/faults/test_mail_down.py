"""The mail provider is down for an hour while people sign.

The mail worker's clock runs sixty times as fast, so an hour takes a minute, and the worker tries as often as in an
hour. Without libfaketime, the provider is down for only a minute.
"""

import time
from collections import Counter

from campaign.mail.models import Message
from tests.checkouts import free_port, wait_until
from tests.front import front, workers
from tests.mail.conftest import Inbox
from tests.mailserver import mail_server
from tests.prove.faults import FAULT, PAGES
from tests.prove.faults.clocks import faster
from tests.traffic import Traffic

SPEED, HOUR = 60, 3600
# How the provider fails, in turn: nothing listens, it refuses connections, it defers each message.
FAILURES = [None, ("greeting_reply", "421 4.3.2 Down"), ("reply", "451 4.3.0 Try again later")]
pytestmark = FAULT


def fail(port, failure):
    """Fail in one way for a third of the hour; return how often the worker connected, or None if nothing listened."""
    inbox = Inbox()
    if failure is None:
        time.sleep(HOUR / SPEED / len(FAILURES))
        return None
    setattr(inbox, *failure)
    with mail_server(inbox, port=port):
        time.sleep(HOUR / SPEED / len(FAILURES))
    assert inbox.received == []
    return inbox.sessions


def test_all_mail_arrives_once_after_an_hour_without_a_provider(path, tmp_path, record_property):
    port = free_port()
    clock = faster(tmp_path, SPEED)
    with (
        front(tmp_path, "http", EMAIL_URL=f"smtp://127.0.0.1:{port}") as site,
        workers(site, "send_mail", **clock),
    ):
        with Traffic(site.port, path, PAGES, pause=0.2) as traffic:
            tries = [fail(port, failure) for failure in FAILURES]
            with mail_server(Inbox(), port=port) as inbox:
                traffic.go_on(20)
        waiting = Message.objects.waiting().count()
        with mail_server(inbox, port=port):
            wait_until(lambda: not Message.objects.waiting().exists(), seconds=300)

    arrived = Counter(inbox.recipients)
    record_property("summary", f"{traffic}; {waiting} messages waited; {len(arrived)} arrived; connected {tries}")
    assert (set(traffic.signing), set(traffic.reading)) == ({302}, {200})
    assert traffic.lost() == set()
    assert all(tries[1:])
    assert arrived == Counter(traffic.signed)
    assert set(Message.objects.values_list("outcome", flat=True)) == {Message.Outcome.SENT}
