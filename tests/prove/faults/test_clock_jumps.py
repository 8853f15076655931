"""The clocks of the web server and the workers jump forwards and back by an hour while people sign.

A message that is queued while the clock is an hour ahead is due an hour later, once the clock is right again.
"""

from collections import Counter

import pytest

from campaign.mail.models import Message
from tests.checkouts import wait_until
from tests.front import front, workers
from tests.mail.conftest import Inbox
from tests.mailserver import mail_server
from tests.prove.faults import FAULT, PAGES
from tests.prove.faults.clocks import LIBRARY, Clock
from tests.traffic import Traffic

HOUR = 3600
JUMPS = [HOUR, 0, -HOUR, 0, -HOUR, HOUR, 0]  # seconds ahead of the real time
ANSWERS_BETWEEN = 150
pytestmark = [*FAULT, pytest.mark.skipif(not LIBRARY, reason="libfaketime is not installed.")]


def test_a_clock_that_jumps_by_an_hour_loses_nothing(path, tmp_path, record_property):
    clock = Clock(tmp_path)
    with (
        mail_server(Inbox()) as inbox,
        front(tmp_path, "http", EMAIL_URL=inbox.url, **clock.environment) as site,
        workers(site, "send_mail", "publish_counts"),
    ):
        with Traffic(site.port, path, PAGES) as traffic:
            for seconds in JUMPS:
                clock.put(seconds)
                traffic.go_on(ANSWERS_BETWEEN)
        clock.put(HOUR)  # that hour has passed
        wait_until(lambda: not Message.objects.waiting().exists())

    record_property("summary", f"{traffic}; {len(JUMPS)} jumps")
    assert (set(traffic.signing), set(traffic.reading)) == ({302}, {200})
    assert traffic.lost() == set()
    assert Counter(inbox.recipients) == Counter(traffic.signed)
