"""PgBouncer in transaction mode, which hands each transaction to any of its connections."""

import os
import pwd
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections

from tests.bench.load import is_listening
from tests.checkouts import free_port, wait_until

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
needs_pgbouncer = pytest.mark.skipif(not PGBOUNCER, reason="There is no pgbouncer here.")
CONFIGURATION = """
[databases]
hub = {database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 1000
log_connections = 0
log_disconnections = 0
{user}
"""


@contextmanager
def pooling(folder, size=3):
    """Run PgBouncer in front of the test database, with `size` connections to it; yield its URL."""
    parts = connection.get_connection_params()
    names = {"host": "host", "port": "port", "user": "user", "password": "password", "dbname": "dbname"}
    database = " ".join(f"{name}={parts[key]}" for key, name in names.items() if parts.get(key))
    port, file = free_port(), folder / "pgbouncer.ini"
    user = account_for(parts.get("host", ""))
    file.write_text(CONFIGURATION.format(database=database, port=port, size=size, user=user))
    with subprocess.Popen([PGBOUNCER, "-q", file]) as process:  # noqa: S603 - as the operator's package starts it
        try:
            wait_until(lambda: is_listening(port))
            yield f"postgres://hub@127.0.0.1:{port}/hub"
        finally:
            process.terminate()


@pytest.fixture
def pooler(transactional_db, tmp_path):
    """Run PgBouncer in front of the test database, with three connections; yield its URL."""
    with pooling(tmp_path) as url:
        yield url


def account_for(host):
    """Return the setting that runs PgBouncer as the owner of the socket, since it refuses to run as root."""
    if os.geteuid() != 0:
        return ""
    owner = pwd.getpwuid(Path(host).stat().st_uid).pw_name if host.startswith("/") else "nobody"
    return f"user = {owner}"


def connect_through(url, monkeypatch):
    """Send new connections through the pool at this URL."""
    pooled = connections["default"].settings_dict | {"HOST": "127.0.0.1", "PORT": url.rpartition(":")[2][:-4]}
    monkeypatch.setitem(connections.settings, "default", pooled | {"NAME": "hub", "USER": "hub", "OPTIONS": {}})
