"""A worker behind PgBouncer. Its lock needs a session that nobody else uses."""

import pytest
from django.db import connections

from campaign.db import keeps_its_session
from campaign.mailings.sending import worker
from tests.pledges.signing import test_pooler
from tests.pledges.signing.test_pooler import PGBOUNCER, pooler  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.skipif(not PGBOUNCER, reason="There is no pgbouncer here."),
    pytest.mark.django_db(transaction=True),
]


def connect_through(url, monkeypatch):
    """Send new connections through the pool at this URL."""
    pooled = connections["default"].settings_dict | {"HOST": "127.0.0.1", "PORT": url.rpartition(":")[2][:-4]}
    monkeypatch.setitem(connections.settings, "default", pooled | {"NAME": "hub", "USER": "hub", "OPTIONS": {}})


def test_a_pool_in_transaction_mode_is_recognised(pooler, monkeypatch):  # noqa: F811
    assert keeps_its_session()

    connect_through(pooler, monkeypatch)
    assert not keeps_its_session()


@pytest.fixture
def session_mode(monkeypatch):
    changed = test_pooler.CONFIGURATION.replace("pool_mode = transaction", "pool_mode = session")
    monkeypatch.setattr(test_pooler, "CONFIGURATION", changed)


def test_a_pool_in_session_mode_is_accepted(session_mode, pooler, monkeypatch):  # noqa: F811
    connect_through(pooler, monkeypatch)

    assert keeps_its_session()


def test_a_worker_refuses_to_start_behind_a_pool_in_transaction_mode(monkeypatch):
    monkeypatch.setattr(worker, "keeps_its_session", lambda: False)

    with pytest.raises(worker.NoLockError, match="transaction mode"):
        worker.Worker().run()
