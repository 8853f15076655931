"""The whole site in one command: database, migrations, content, web server and workers."""

import os
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from operator import itemgetter
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from campaign.checks import START, former_tables_message, has_former_tables
from campaign.devserver import last_address, localdb, processes
from campaign.devserver.processes import Child

MIN_POSTGRES = 15
PORT_WAIT = 5.0
POLL_SECONDS = 0.5
WEB_FAILS_WITHIN = 10.0
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nosec B104 - for --host
# Browsers allow passkeys for host names, never for IP addresses (WebAuthn, 5.1.2: the RP ID is a domain).
NAMES = {"127.0.0.1": "localhost"}


class Command(BaseCommand):
    """A command that serves until Ctrl-C or SIGTERM, or until the web server can't run. It leaves no process behind."""

    help = "Start the site with everything it needs, and stop it all on Ctrl-C."
    requires_system_checks = (START,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--parent", type=int, help="stop when this process, which started us, has ended")

    def handle(self, *, host: str, port: int, parent: int | None, **options: object) -> None:
        processes.on_end(_interrupt)
        if parent:
            processes.end_with_parent(parent)
        os.environ["SITE_URL"] = site_url = os.environ.get("SITE_URL") or address(host, port)
        with suppress(KeyboardInterrupt):
            wait_for_port(host, port)
            last_address.remember(site_url)
            with database() as is_ours:
                self.prepare(site_url)
                self.run(host, port, site_url, is_ours)
        self.stdout.write("Stopped.")

    def prepare(self, site_url: str) -> None:
        """Bring the database and the static files up to date; say how an organiser signs in."""
        check_database()
        call_command("migrate", verbosity=0)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if not settings.DEBUG:
            collect_static()
        call_command("load_campaign", stdout=self.stdout)
        if settings.DEBUG:
            call_command("load_examples", stdout=self.stdout)
        call_command("organiser_sign_in", base_url=site_url, stdout=self.stdout)
        connection.close()

    def run(self, host: str, port: int, site_url: str, is_ours: bool) -> None:
        """Keep the web server, the workers and our own database running until a signal."""
        children: list[Child] = []
        try:
            web, *workers = commands(host, port).items()
            children.append(Child(*web, settings.BASE_DIR))
            wait_for_answer(host, port, site_url, children[0])
            for worker in workers:  # only now, because they would slow it down
                children.append(Child(*worker, settings.BASE_DIR))
            self.stdout.write(self.style.SUCCESS(f"\nThe site is at {site_url}/ (Ctrl-C stops it)"))
            while True:
                time.sleep(POLL_SECONDS)
                self.tend(children, is_ours)
        finally:
            processes.stop(children)

    def tend(self, children: list[Child], is_ours: bool) -> None:
        """Restart anything that has died. Raises CommandError if the web server can't keep running."""
        if is_ours:
            localdb.revive()
        if gives_up(children[0]):
            raise CommandError("The web server has stopped; see above.")
        for child in children:
            if child.is_due():
                self.stderr.write(f"{child.name} has ended ({child.process.returncode}); starting it again.")
                child.restart()


def gives_up(web: Child) -> bool:
    """Return whether the web server ended by itself soon after it started. A kill is no reason to give up."""
    return not web.is_running() and web.process.returncode > 0 and web.seconds() < WEB_FAILS_WITHIN


def address(host: str, port: int) -> str:
    """Return the site's address for a browser on this machine, such as http://localhost:8000."""
    host = ANY_ADDRESS.get(host, host)
    host = NAMES.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def database() -> Iterator[bool]:
    """Keep the embedded server running inside a `with` block, unless DATABASE_URL is set; yield whether it is ours."""
    if os.environ.get("DATABASE_URL"):
        yield False
        return
    try:
        with localdb.running() as url:
            os.environ["DATABASE_URL"] = url
            yield True
    except localdb.StartError as error:
        raise CommandError(str(error)) from error


def check_database() -> None:
    """Raise CommandError, saying why, unless PostgreSQL answers, is new enough, and has tables that we can use."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(f"The database of DATABASE_URL does not answer: {error}") from error
    version = connection.get_database_version()[0]
    if version < MIN_POSTGRES:
        raise CommandError(f"PostgreSQL {MIN_POSTGRES} or newer is needed; DATABASE_URL has {version}.")
    if has_former_tables():
        raise CommandError(former_tables_message())


def collect_static() -> None:
    """Hash and compress the static files, unless that has been completed and none has changed since."""
    stamp = Path(f"{settings.STATIC_ROOT}.stamp")
    state = static_state()
    if not stamp.exists() or stamp.read_text() != state:
        # Start from an empty folder, because a file cut short by a kill would count as up to date.
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(state)


def static_state() -> str:
    """Return a digest of the static files' names, sizes and modification times."""
    digest = sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=itemgetter(0)):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def wait_for_port(host: str, port: int) -> None:
    """Return once the port is free. Processes that we left behind when killed end within seconds.

    Raises CommandError if it stays in use.
    """
    deadline = time.monotonic() + PORT_WAIT
    while error := port_error(host, port):
        if time.monotonic() > deadline:
            raise CommandError(f"{host}:{port} can't be used ({error}). Try: make run PORT={port + 1}")
        time.sleep(0.2)


def port_error(host: str, port: int) -> str | None:
    """Return why we can't listen on the port, or None if we can."""
    try:
        family, *_rest, sockaddr = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(sockaddr)
    except OSError as error:
        return error.strerror or str(error)
    return None


def commands(host: str, port: int) -> dict[str, list[str]]:
    """Return the commands to run beside the database, the web server first: gunicorn, as in production."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [sys.executable, "-m", "gunicorn", "--config", "python:campaign.gunicorn", "--bind", bind]
    return {
        "The web server": [*web, "--reload" if settings.DEBUG else "--preload"],
        "The mail worker": [sys.executable, "manage.py", "send_mail"],
        "The news worker": [sys.executable, "manage.py", "send_news"],
        "The counter": [sys.executable, "manage.py", "publish_counts"],
    }


def wait_for_answer(host: str, port: int, site_url: str, web: Child) -> None:
    """Return once the web server has answered a request. Raises CommandError if it ends instead."""
    while web.is_running():
        if has_answered(ANY_ADDRESS.get(host, host), port, site_url):
            return
        time.sleep(0.05)
    raise CommandError("The web server did not start; see above.")


def has_answered(host: str, port: int, site_url: str) -> bool:
    """Send the web server a request, and return whether it answers within a minute."""
    with suppress(OSError, HTTPException), closing(HTTPConnection(host, port, timeout=60)) as client:
        client.request("GET", "/healthz", headers={"Host": urlsplit(site_url).netloc})
        return bool(client.getresponse().status)
    return False


def _interrupt() -> None:
    raise KeyboardInterrupt
