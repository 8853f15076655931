"""The whole site as `make run` starts it, in a copy of the checkout, before and after kills."""

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
from tests.sizes import size

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]
ADDRESSES = [
    ("127.0.0.1", "http://localhost:80"),
    ("0.0.0.0", "http://localhost:80"),  # noqa: S104 - a host somebody may choose
    ("::1", "http://[::1]:80"),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    checkout = Checkout(tmp_path_factory.mktemp("serve") / "hub")
    yield checkout
    checkout.remove()


@pytest.fixture(scope="module")
def started(checkout):
    """Yield the list of sites started so far, at most one of them running; end that one afterwards."""
    started = []
    yield started
    end_last(checkout, started)


@pytest.fixture
def site(checkout, started):
    """Return the site's process. Start it only if no earlier test has left it running, because starting is slow."""
    if not started or started[-1].poll() is not None:
        started.append(checkout.serve())
    checkout.wait_until_ready()
    return started[-1]


@pytest.fixture
def stopped(checkout, started):
    """Return the checkout while its site is not running."""
    end_last(checkout, started)
    return checkout


def end_last(checkout, started):
    if started and started[-1].poll() is None:
        end(checkout, started[-1])


def end(checkout, process, number=signal.SIGTERM):
    """Send a signal to all of the session's processes, as a terminal does; return their output."""
    if process.poll() is None:
        os.killpg(process.pid, number)
    output, _ = process.communicate(timeout=60)
    wait_until(lambda: not checkout.processes("manage.py") and not checkout.processes("gunicorn"))
    return output


def end_cleanly(checkout, process, number):
    """Send a signal, check that everything stops without an error, and return the output."""
    output = end(checkout, process, number)
    assert output.endswith("Stopped.\n")
    assert "Traceback" not in output
    assert process.returncode == 0
    assert checkout.processes() == []
    return output


@pytest.mark.parametrize("number", size([signal.SIGINT], [signal.SIGINT, signal.SIGHUP]))
def test_the_site_prints_how_to_sign_in_and_a_signal_stops_all_of_it(stopped, number):
    process = stopped.serve()
    stopped.wait_until_ready()
    output = end_cleanly(stopped, process, number)

    assert f"The site is at http://localhost:{stopped.port}/" in output
    assert re.search(rf"http://localhost:{stopped.port}/accounts/\S+", output)


def test_the_site_is_served_as_in_production_until_it_is_terminated(stopped):
    process = stopped.serve(DEBUG="0")
    stopped.wait_until_ready()
    sheet = re.search(r"/static/hub\.[0-9a-f]{12}\.css", stopped.get("/")[1])[0]
    with urlopen(f"http://127.0.0.1:{stopped.port}{sheet}", timeout=5) as response:
        assert "immutable" in response.headers["Cache-Control"]
    end_cleanly(stopped, process, signal.SIGTERM)


def test_commands_run_while_the_site_is_running_print_its_address(checkout, site):
    output = shell(checkout, "from django.core.management import call_command; call_command('organiser_sign_in')")

    assert f"http://localhost:{checkout.port}/accounts/sign-in/" in output


# The database comes last, because its death may end the workers too, and a process that has just ended restarts more
# slowly.
@pytest.mark.parametrize("word", ["gunicorn", "send_mail", "send_news", "publish_counts", "bin/postgres"])
def test_a_process_that_is_killed_is_restarted(checkout, site, word):
    killed = checkout.processes(word)[0]
    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: checkout.processes(word) and killed not in checkout.processes(word))
    checkout.wait_until_ready()
    assert site.poll() is None


@pytest.mark.parametrize("seconds", size([2.5], [0.5, 1.5, 2.5, 4.0, 6.0]))
def test_another_checkout_starts_beside_it_even_after_a_kill_during_its_first_start(checkout, site, tmp_path, seconds):
    other = Checkout(tmp_path / "hub")
    try:
        process = other.serve()
        time.sleep(seconds)
        other.kill()
        process.communicate()

        process = other.serve()
        other.wait_until_ready()
        assert checkout.get("/readyz")[0] == 200
        end(other, process)
        assert other.processes() == []
        assert checkout.get("/readyz")[0] == 200
    finally:
        other.remove()


def test_data_survives_a_kill_of_everything(checkout, site, started):
    shell(checkout, "User.objects.create(username='kept')")
    checkout.kill()
    site.communicate()

    started.append(checkout.serve())
    checkout.wait_until_ready()
    assert shell(checkout, "print(User.objects.filter(username='kept').count())") == "1"


def shell(checkout, code):
    process = checkout.start("manage.py", "shell", "-v0", "-c", f"from django.contrib.auth.models import User; {code}")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return output.strip()


def test_children_end_when_their_parent_is_killed(checkout, site):
    site.kill()
    site.communicate()
    wait_until(lambda: not checkout.processes("manage.py") and not checkout.processes("gunicorn"), seconds=30)


def test_the_site_ends_when_make_is_killed(stopped):
    serve = f"'manage.py', 'serve', '--port', '{stopped.port}', '--parent', str(os.getpid())"
    make = stopped.start("-c", f"import os, subprocess, sys; subprocess.call([sys.executable, {serve}])")
    stopped.wait_until_ready()
    make.kill()
    wait_until(lambda: not stopped.processes(), seconds=30)
    make.communicate()


def test_a_port_in_use_is_reported(checkout):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = checkout.start("manage.py", "serve", "--port", str(port))
        output, _ = process.communicate(timeout=60)

    assert f"127.0.0.1:{port} can't be used (Address already in use). Try: make run PORT={port + 1}" in output
    assert process.returncode == 1
    assert "Traceback" not in output


def test_an_unreachable_database_is_reported_and_the_embedded_one_left_alone(tmp_path):
    checkout = Checkout(tmp_path / "hub")
    process = checkout.serve(DATABASE_URL=f"postgres://hub:x@127.0.0.1:{free_port()}/hub")
    output, _ = process.communicate(timeout=60)

    assert "The database of DATABASE_URL does not answer" in output
    assert process.returncode == 1
    assert not checkout.home.exists()


def test_an_old_postgresql_is_refused(monkeypatch):
    old = SimpleNamespace(ensure_connection=lambda: None, get_database_version=lambda: (14, 12))
    monkeypatch.setattr(serve, "connection", old)
    with pytest.raises(CommandError, match="PostgreSQL 15 or newer is needed; DATABASE_URL has 14"):
        serve.check_database()


@pytest.mark.parametrize(("host", "url"), ADDRESSES)
def test_the_address_printed_opens_in_a_local_browser(host, url):
    assert serve.address(host, 80) == url
