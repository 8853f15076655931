"""Two workers that are killed again and again: nobody gets a mailing twice, and nobody is left out unnoticed."""

import random
import time
from collections import Counter
from uuid import UUID

import pytest

from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.claiming import BATCH
from tests.checkouts import wait_until
from tests.mailings.crowd import address
from tests.mailings.sending.conftest import make_mailing
from tests.mailings.sending.workers import nursery
from tests.mailsink import mail_sink
from tests.sizes import size

PEOPLE, KILLS = size(300, 100_000), size(4, 20)
BETWEEN_KILLS = size((0.0, 0.3), (2.0, 12.0))  # seconds after the first message since the last kill
CONNECTIONS = 4
PATIENCE = size(60, 3600)
# In the short version of the test, wait before each message, so that the kill comes in the middle of a batch.
SLOWLY = """
import time
send = Sender.send
Sender.send = lambda *arguments: (time.sleep(0.02), send(*arguments))[1]
"""

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_killing_workers_sends_nothing_twice_and_leaves_nobody_out_unnoticed(tmp_path, crowd):
    mailing = make_mailing()
    options = {"change": size(SLOWLY, ""), "NEWS_CONNECTIONS": str(CONNECTIONS)}
    with mail_sink(tmp_path / "recipients") as sink, nursery(sink.url, PEOPLE, **options) as workers:
        running = [workers.start(), workers.start()]
        for _kill in range(KILLS):
            arrived = len(sink.recipients)
            wait_until(lambda arrived=arrived: len(sink.recipients) > arrived or is_over(mailing), PATIENCE)
            time.sleep(random.uniform(*BETWEEN_KILLS))  # noqa: S311 - any will do
            workers.end(running.pop(0))
            running.append(workers.start())
        wait_until(lambda: is_over(mailing), PATIENCE)
        workers.end_all()
        received = Counter(sink.recipients)

    unknown = set(Delivery.objects.unknown(mailing).values_list("row", flat=True))
    twice = [to for to, times in received.items() if times > 1]
    missing = [n for n in range(PEOPLE) if address(n) not in received and UUID(int=n) not in unknown]
    print(f"{PEOPLE} people, {KILLS} kills: {len(twice)} twice, {len(missing)} missing, {len(unknown)} unknown")  # noqa: T201
    assert (twice, missing) == ([], [])
    assert 0 < len(unknown) <= KILLS * CONNECTIONS * BATCH


def is_over(mailing):
    mailing.refresh_from_db(fields=["state"])
    return mailing.state == Mailing.State.SENT
