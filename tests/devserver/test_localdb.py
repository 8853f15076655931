"""The embedded PostgreSQL, in a copy of the checkout: shared, private, and unharmed by kills."""

import json
import os
import signal
import subprocess
import sys
import time

import environ
import psycopg2
import pytest

from tests.checkouts import Checkout, wait_until
from tests.sizes import size

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("localdb")]
CONNECT = "import django; django.setup(); from django.db import connection; connection.ensure_connection()"
STAY = f"import os, time; {CONNECT}; print(os.environ['DATABASE_URL'], flush=True); time.sleep(300)"
KEYS = "from campaign.devserver.localdb import secrets; print(secrets()['SECRET_KEY'])"
OTHER_USER = 54321


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    checkout = Checkout(tmp_path_factory.mktemp("localdb") / "hub")
    yield checkout
    checkout.remove()


@pytest.fixture
def database(checkout):
    """Run a command that uses the server until it is ended; yield the settings of its database."""
    process = checkout.localdb(sys.executable, "-c", STAY)
    yield environ.Env().db_url_config(process.stdout.readline().strip())
    process.terminate()
    process.communicate()


def run(checkout, code=CONNECT):
    process = checkout.localdb(sys.executable, "-c", code)
    output, _ = process.communicate(timeout=90)
    return process.returncode, output


def connect(database, **other):
    names = {"host": "HOST", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    psycopg2.connect(**{key: database[name] for key, name in names.items()} | other).close()


def test_it_starts_for_a_command_and_stops_after_it(checkout):
    assert run(checkout) == (0, "")
    assert checkout.processes() == []


def test_it_exits_with_the_commands_status(checkout):
    assert run(checkout, "raise SystemExit(7)")[0] == 7


def test_the_last_command_stops_it(checkout, database):
    assert run(checkout) == (0, "")
    connect(database)


def test_processes_started_together_make_one_set_of_keys(tmp_path):
    untouched = Checkout(tmp_path / "hub")
    together = [untouched.start("-c", KEYS) for _ in range(8)]
    assert len({process.communicate()[0] for process in together}) == 1
    assert (untouched.folder / "var" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_keys_are_long_enough(checkout):
    run(checkout)
    keys = json.loads((checkout.folder / "var" / "secrets.json").read_text())
    assert len(keys["SECRET_KEY"]) >= 50
    assert len(keys["FIELD_KEYS"]) == 44


def test_a_wrong_password_is_refused(checkout, database):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(database, password="guess")


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can act as another user.")
def test_another_user_of_the_machine_cannot_reach_it(checkout, database):
    code = f"import os; os.setuid({OTHER_USER}); os.stat({database['HOST'] + '/.s.PGSQL.5432'!r})"
    attempt = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert "Permission denied" in attempt.stderr


def test_a_server_left_behind_by_a_kill_is_reused(checkout):
    process = checkout.localdb(sys.executable, "-c", STAY)
    process.stdout.readline()
    server = checkout.processes("bin/postgres")
    process.kill()
    process.communicate()
    wait_until(lambda: checkout.processes() and not checkout.processes("campaign.devserver.localdb"))
    assert checkout.processes("bin/postgres") == server

    assert run(checkout) == (0, "")
    assert checkout.processes() == []


def test_it_starts_after_everything_was_killed(checkout):
    process = checkout.localdb(sys.executable, "-c", STAY)
    process.stdout.readline()
    checkout.kill()
    process.communicate()

    assert run(checkout) == (0, "")


@pytest.mark.parametrize("content", ["", "{pid}\n"])
def test_a_pid_file_that_names_another_process_does_not_stop_it(checkout, content):
    run(checkout)
    bystander = subprocess.Popen(["/bin/sleep", "300"], **as_unprivileged_user())
    try:
        (checkout.home / "data" / "postmaster.pid").write_text(content.format(pid=bystander.pid))
        assert run(checkout) == (0, "")
    finally:
        bystander.kill()
        bystander.wait()


def as_unprivileged_user():
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


@pytest.mark.parametrize("seconds", size([0.4], [0.1, 0.4, 0.8, 1.2]))
def test_it_starts_after_a_kill_while_the_cluster_was_made(tmp_path, seconds):
    checkout = Checkout(tmp_path / "hub")
    try:
        process = checkout.localdb(sys.executable, "-c", CONNECT)
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

        assert run(checkout) == (0, "")
        assert not list(checkout.home.glob("*.draft*"))
    finally:
        checkout.remove()


def test_ctrl_c_lets_the_command_finish_in_its_own_time(checkout):
    code = (
        f"import time\n{CONNECT}\n"
        "try:\n    print(1, flush=True); time.sleep(300)\n"
        "except KeyboardInterrupt:\n    time.sleep(1); print('tidied', flush=True)"
    )
    process = checkout.localdb(sys.executable, "-c", code)
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)

    assert process.communicate(timeout=30)[0] == "tidied\n"
    assert checkout.processes() == []


def test_a_database_url_replaces_the_embedded_database(checkout):
    process = checkout.localdb(
        sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])", DATABASE_URL="mine"
    )
    assert process.communicate()[0] == "mine\n"
