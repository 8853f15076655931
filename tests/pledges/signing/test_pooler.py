"""Signing behind PgBouncer in transaction mode, which hands each transaction to any of its connections."""

import os
import pwd
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection

from campaign.mail.models import Message
from pledges.models import Signature
from tests.bench.load import is_listening, request, send, serving
from tests.checkouts import free_port, wait_until
from tests.pledges.conftest import ANSWERS

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
SIGNS, CLIENTS = 400, 8
SITE = {"DJANGO_SETTINGS_MODULE": "campaign.settings", "GUNICORN_CMD_ARGS": "--keep-alive 300"}
CONFIGURATION = """
[databases]
hub = {database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
log_connections = 0
log_disconnections = 0
{user}
"""

pytestmark = [
    pytest.mark.skipif(not PGBOUNCER, reason="There is no pgbouncer here."),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def pooler(transactional_db, tmp_path):
    """Run PgBouncer in front of the test database, with three connections; yield its URL."""
    parts = connection.get_connection_params()
    names = {"host": "host", "port": "port", "user": "user", "password": "password", "dbname": "dbname"}
    database = " ".join(f"{name}={parts[key]}" for key, name in names.items() if parts.get(key))
    port, file = free_port(), tmp_path / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(database=database, port=port, user=as_whom(parts.get("host", ""))))
    with subprocess.Popen([PGBOUNCER, "-q", file]) as process:  # noqa: S603 - as the operator's package starts it
        try:
            wait_until(lambda: is_listening(port))
            yield f"postgres://hub@127.0.0.1:{port}/hub"
        finally:
            process.terminate()


def as_whom(host):
    """Return the setting that runs PgBouncer as the owner of the socket, since it refuses to run as root."""
    if os.geteuid() != 0:
        return ""
    owner = pwd.getpwuid(Path(host).stat().st_uid).pw_name if host.startswith("/") else "nobody"
    return f"user = {owner}"


def test_four_hundred_signings_of_many_clients_all_succeed(pooler, pledge):
    statuses, measured = set(), []
    with serving("campaign.wsgi", **SITE, DATABASE_URL=pooler) as (port, _pid), ThreadPoolExecutor(CLIENTS) as pool:
        signs = [sign(port, pledge, number) for number in range(SIGNS)]
        for sent in [pool.submit(send, port, signs[start::CLIENTS], measured, statuses) for start in range(CLIENTS)]:
            sent.result()

    assert statuses == {302}
    assert Signature.objects.count() == Message.objects.count() == SIGNS


def sign(port, pledge, number):
    """Return one person's request to sign."""
    body = urlencode(ANSWERS | {"email": f"ruth{number}@example.org", "postcode": ""}).encode()
    return request(port, pledge.get_absolute_url(), body, Sec_Fetch_Site="same-origin")
