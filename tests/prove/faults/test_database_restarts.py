"""PostgreSQL restarts ten times while people sign and read."""

import pytest

from campaign.mail.models import Message
from pledges.models import Signature
from tests.checkouts import wait_until
from tests.front import front, workers
from tests.mail.conftest import Inbox
from tests.mailserver import mail_server
from tests.prove.faults import FAULT, PAGES
from tests.replication import copy_of_database
from tests.traffic import Traffic

RESTARTS = 10
ANSWERS_DOWN, ANSWERS_UP = 20, 40
pytestmark = FAULT


@pytest.fixture
def server(path):
    with copy_of_database() as server, server.in_use():
        yield server


def test_ten_restarts_of_the_database_lose_nothing(server, path, tmp_path, record_property):
    with (
        mail_server(Inbox()) as inbox,
        front(tmp_path, "http", DATABASE_URL=server.url, EMAIL_URL=inbox.url) as site,
        workers(site, "send_mail", "publish_counts"),
    ):
        with Traffic(site.port, path, PAGES) as traffic:
            for number in range(RESTARTS):
                server.stop("immediate" if number % 2 else "fast")
                traffic.go_on(ANSWERS_DOWN)
                server.start()
                signed = len(traffic.signed)
                wait_until(lambda signed=signed: len(traffic.signed) > signed)  # it recovers by itself
                traffic.go_on(ANSWERS_UP)
        wait_until(lambda: not Message.objects.waiting().exists())

    record_property("summary", str(traffic))
    assert set(traffic.signing) == {302, 503}
    assert set(traffic.reading) == {200}
    assert traffic.lost() == set()
    assert Signature.objects.count() >= len(traffic.signed)
    assert traffic.signed <= set(inbox.recipients)
