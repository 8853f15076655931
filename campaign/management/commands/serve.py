"""The whole site in one command: database, migrations, content, web server and workers."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from campaign import localdb

OLDEST_POSTGRES = 15
PR_SET_PDEATHSIG = 1  # Linux, prctl(2): a signal for the child when its parent dies
PORT_WAIT = 5.0
STOP_WAIT = 15.0
RESTART_WAIT = 2.0


class Command(BaseCommand):
    """Serves until Ctrl-C, SIGTERM, or until the web server can't run. Leaves no process behind."""

    help = "Start the site with all it needs, and stop all of it on Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        with suppress(KeyboardInterrupt), ExitStack() as stack:
            wait_for_port(host, port)
            if not os.environ.get("DATABASE_URL"):
                os.environ["DATABASE_URL"] = stack.enter_context(localdb.running())
            self.prepare()
            web = stack.enter_context(child(*web_server(host, port)))
            workers = [stack.enter_context(child(*manage(name))) for name in ("send_mail", "fold_counts")]
            wait_for_answer(host, port, web)
            self.stdout.write(self.style.SUCCESS(f"\nThe site is at {settings.SITE_URL}/ (Ctrl-C stops it)"))
            watch(web, workers)
        self.stdout.write("Stopped.")

    def prepare(self) -> None:
        """Bring the database and the static files up to date; say how an organiser signs in."""
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        if connection.pg_version < OLDEST_POSTGRES * 10_000:
            raise CommandError(f"PostgreSQL {OLDEST_POSTGRES} or newer is needed.")
        call_command("migrate", verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_campaign", stdout=self.stdout)
        call_command("organiser_sign_in", stdout=self.stdout)
        connection.close()


def wait_for_port(host: str, port: int) -> None:
    """Return once the port is free. What we left there when killed goes within seconds.

    Raises CommandError when it stays taken.
    """
    deadline = time.monotonic() + PORT_WAIT
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    message = f"{host}:{port} can't be used ({error.strerror}). Try: make run PORT={port + 1}"
                    raise CommandError(message) from error
        time.sleep(0.2)


def web_server(host: str, port: int) -> list[str]:
    """The command line of gunicorn, the same in development as in production."""
    command = [sys.executable, "-m", "gunicorn", "campaign.wsgi", "--bind", f"{host}:{port}"]
    command += ["--config", "python:campaign.gunicorn"]
    return [*command, "--reload"] if settings.DEBUG else command


def manage(name: str) -> list[str]:
    """The command line of one of our own commands."""
    return [sys.executable, "manage.py", name]


class Child:
    """A process that dies with us, and is started again when it dies alone."""

    def __init__(self, *command: str) -> None:
        self.command = command
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command, cwd=settings.BASE_DIR, preexec_fn=_die_with_parent(os.getpid())
        )

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_WAIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def child(*command: str) -> Iterator[Child]:
    """Run a command meanwhile."""
    process = Child(*command)
    try:
        yield process
    finally:
        process.stop()


def wait_for_answer(host: str, port: int, web: Child) -> None:
    """Return once the web server takes connections. Raises CommandError when it ends instead."""
    while web.is_running():
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.05)
    raise CommandError("The web server did not start; see above.")


def watch(web: Child, workers: list[Child]) -> None:
    """Start again whichever worker dies. Raises CommandError when the web server does."""
    while web.is_running():
        time.sleep(RESTART_WAIT)
        for worker in workers:
            if not worker.is_running():
                worker.start()
    raise CommandError("The web server has stopped; see above.")


def _die_with_parent(parent: int) -> object:
    """A function for the child to run first: be told when the parent dies, even of `kill -9`."""
    libc = ctypes.CDLL(None)

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _interrupt(number: int, frame: FrameType | None) -> None:
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt
