"""A database that keeps ending the worker's connections: nobody gets a mailing twice, and nobody is left out."""

import time
from collections import Counter

import pytest
from django.db import connection

from campaign.mailings.models import Mailing
from tests.checkouts import wait_until
from tests.mailings.sending.conftest import make_mailing
from tests.mailings.sending.workers import nursery
from tests.mailsink import mail_sink
from tests.sizes import FULL, size

PEOPLE, TIMES = size(300, 4_000), size(4, 40)
PATIENCE = size(60, 600)
SLOWLY = """
import campaign.mailings.sending.worker as module
import time
module.DATABASE_WAIT = 0.3
send = Sender.send
Sender.send = lambda *arguments: (time.sleep(0.02), send(*arguments))[1]
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FULL, reason="It takes half a minute: see `make prove`."),
]


def end_other_sessions():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_when_database_sessions_end_at_random_everybody_still_gets_the_message(tmp_path, crowd):
    mailing = make_mailing()
    with mail_sink(tmp_path / "recipients") as sink, nursery(sink.url, PEOPLE, gone_after=15, change=SLOWLY) as workers:
        workers.start()
        workers.start()
        for _time in range(TIMES):
            arrived = len(sink.recipients)
            wait_until(lambda arrived=arrived: len(sink.recipients) > arrived or is_over(mailing), PATIENCE)
            time.sleep(0.05)
            end_other_sessions()
        wait_until(lambda: is_over(mailing), PATIENCE)
        workers.end_all()
        received = Counter(sink.recipients)

    numbers = mailing.counted()
    assert (len(received), max(received.values())) == (PEOPLE, 1)
    assert (numbers["sent"], numbers["unknown"]) == (PEOPLE, 0)


def is_over(mailing):
    mailing.refresh_from_db(fields=["state"])
    return mailing.state == Mailing.State.SENT
