"""The whole site as `make run` starts it, in a copy of the checkout: what holds after any kill."""

import os
import re
import signal
import socket
import time
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from django.core.management.base import CommandError

from campaign.management.commands import serve
from tests.checkouts import Checkout, free_port, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]
ADDRESSES = [
    ("127.0.0.1", "http://127.0.0.1:80"),
    ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - what a person may ask for
    ("::1", "http://[::1]:80"),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    checkout = Checkout(tmp_path_factory.mktemp("serve") / "hub")
    yield checkout
    checkout.remove()


@pytest.fixture
def site(checkout):
    """The running site; whatever happens to it, nothing is left of it afterwards."""
    process = checkout.serve()
    checkout.wait_until_ready()
    yield process
    end(checkout, process)


def end(checkout, process, number=signal.SIGTERM):
    """Send a signal as a terminal does, to all of the session's processes; return what was said."""
    if process.poll() is None:
        os.killpg(process.pid, number)
    said, _ = process.communicate(timeout=60)
    wait_until(lambda: not checkout.processes("manage.py") and not checkout.processes("gunicorn"))
    return said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_how_to_get_in_and_a_signal_stops_all_of_it(checkout, number):
    process = checkout.serve()
    checkout.wait_until_ready()
    said = end(checkout, process, number)

    assert f"The site is at http://127.0.0.1:{checkout.port}/" in said
    assert re.search(rf"http://127.0.0.1:{checkout.port}/accounts/\S+", said)
    assert said.endswith("Stopped.\n")
    assert "Traceback" not in said
    assert process.returncode == 0
    assert checkout.processes() == []


def test_it_serves_as_production_does(checkout):
    process = checkout.serve(DEBUG="0")
    checkout.wait_until_ready()
    sheet = re.search(r"/static/hub\.[0-9a-f]{12}\.css", checkout.get("/")[1])[0]
    with urlopen(f"http://127.0.0.1:{checkout.port}{sheet}", timeout=5) as response:
        assert "immutable" in response.headers["Cache-Control"]
    end(checkout, process)


def test_data_outlive_a_kill_of_everything(checkout, site):
    shell(checkout, "User.objects.create(username='kept')")
    checkout.kill()
    site.communicate()

    process = checkout.serve()
    checkout.wait_until_ready()
    assert shell(checkout, "print(User.objects.filter(username='kept').count())") == "1"
    end(checkout, process)


def shell(checkout, code):
    process = checkout.start("manage.py", "shell", "-v0", "-c", f"from django.contrib.auth.models import User; {code}")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said.strip()


def test_children_end_with_a_killed_parent(checkout, site):
    site.kill()
    site.communicate()
    wait_until(lambda: not checkout.processes("manage.py") and not checkout.processes("gunicorn"), seconds=30)


def test_it_ends_when_make_is_killed(checkout):
    serve = f"'manage.py', 'serve', '--port', '{checkout.port}', '--parent', str(os.getpid())"
    make = checkout.start("-c", f"import os, subprocess, sys; subprocess.call([sys.executable, {serve}])")
    checkout.wait_until_ready()
    make.kill()
    wait_until(lambda: not checkout.processes(), seconds=30)
    make.communicate()


@pytest.mark.parametrize("word", ["bin/postgres", "gunicorn", "send_mail", "publish_counts"])
def test_what_is_killed_alone_comes_back(checkout, site, word):
    killed = checkout.processes(word)[0]
    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: checkout.processes(word) and killed not in checkout.processes(word))
    checkout.wait_until_ready()
    assert site.poll() is None


@pytest.mark.parametrize("seconds", [0.5, 1.5, 2.5, 4.0, 6.0])
def test_a_kill_at_any_moment_of_the_first_start_is_no_hindrance(tmp_path, seconds):
    checkout = Checkout(tmp_path / "hub")
    try:
        process = checkout.serve()
        time.sleep(seconds)
        checkout.kill()
        process.communicate()

        process = checkout.serve()
        checkout.wait_until_ready()
        end(checkout, process)
        assert checkout.processes() == []
    finally:
        checkout.remove()


def test_two_checkouts_run_side_by_side(checkout, site, tmp_path):
    other = Checkout(tmp_path / "hub")
    try:
        process = other.serve()
        other.wait_until_ready()
        assert checkout.get("/readyz")[0] == 200
        end(other, process)
        assert other.processes() == []
        assert checkout.get("/readyz")[0] == 200
    finally:
        other.remove()


def test_a_taken_port_is_said(checkout):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = checkout.start("manage.py", "serve", "--port", str(port))
        said, _ = process.communicate(timeout=60)

    assert f"127.0.0.1:{port} can't be used (Address already in use). Try: make run PORT={port + 1}" in said
    assert process.returncode == 1
    assert "Traceback" not in said


def test_an_unreachable_database_is_said_and_the_embedded_one_left_alone(tmp_path):
    checkout = Checkout(tmp_path / "hub")
    process = checkout.serve(DATABASE_URL=f"postgres://hub:x@127.0.0.1:{free_port()}/hub")
    said, _ = process.communicate(timeout=60)

    assert "The database of DATABASE_URL does not answer" in said
    assert process.returncode == 1
    assert not checkout.home.exists()


def test_an_old_postgresql_is_refused(monkeypatch):
    old = SimpleNamespace(ensure_connection=lambda: None, pg_version=140_012)
    monkeypatch.setattr(serve, "connection", old)
    with pytest.raises(CommandError, match="PostgreSQL 15 or newer is needed; DATABASE_URL has 14"):
        serve.check_database()


@pytest.mark.parametrize(("host", "url"), ADDRESSES)
def test_the_address_is_one_that_a_browser_here_can_open(host, url):
    assert serve.address(host, 80) == url
