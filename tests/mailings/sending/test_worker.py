"""A real worker process: with slow servers, while it is paused, and when it is stopped."""

import asyncio
import signal
import time

import pytest

from tests.checkouts import wait_until
from tests.mailings.sending.conftest import Postbox, make_mailing
from tests.mailings.sending.workers import nursery
from tests.mailserver import mail_server
from tests.sizes import FULL

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FULL, reason="It waits for a slow server: see `make prove`."),
]


class Slow(Postbox):
    """A mail server that takes seconds to answer each message."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(3)
        return await super().handle_DATA(server, session, envelope)


def test_with_a_slow_server_nothing_becomes_unknown_and_a_pause_waits_only_for_the_current_message(crowd):
    crowd.__init__(30)
    mailing = make_mailing()
    with mail_server(Slow()) as inbox, nursery(inbox.url, 30, gone_after=3.0, NEWS_CONNECTIONS="2") as workers:
        first, _second = workers.start(), workers.start()
        wait_until(lambda: len(inbox.received) >= 4)
        mailing.refresh_from_db()
        assert mailing.pause(None)
        time.sleep(5)  # longer than one message takes, and longer than it takes to find that a worker is gone
        received = len(inbox.received)
        workers.end(first, signal.SIGTERM)
        workers.end_all()

    numbers = mailing.counted()
    assert numbers["unknown"] == numbers["claimed"] == 0
    assert 4 <= numbers["sent"] == received == len(inbox.received) <= 8
    assert numbers["queued"] == 30 - received
