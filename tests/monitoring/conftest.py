"""A site that fails, as a process of its own."""

import os
import socket
import subprocess
import sys
from contextlib import closing, suppress
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from tests.bench.load import database_url, is_listening
from tests.checkouts import HERE, free_port, wait_until
from tests.monitoring.crashing import CANARIES


class CrashingSite:
    """gunicorn with the page of `tests.monitoring.crashing`, as in production: its log goes to a file."""

    def __init__(self, folder, **environment):
        self.port, self.log_file = free_port(), folder / "site.log"
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.monitoring.crashing",
            "DATABASE_URL": database_url(),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "STATE_DIRECTORY": str(folder),
            "WEB_WORKERS": "1",
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "python:campaign.gunicorn"]
        command += ["--bind", f"127.0.0.1:{self.port}"]
        with self.log_file.open("w") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command, env=os.environ | own | environment, cwd=HERE, stderr=log, stdout=log
            )
        wait_until(lambda: is_listening(self.port))

    def crash(self):
        """Send the canaries to the page; return the status, the headers and the body of the response."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": CANARIES["agent"],
            "Cookie": f"sessionid={CANARIES['cookie']}",
            "X-Forwarded-For": CANARIES["ip"],
            "X-Request-ID": CANARIES["request_id"],
            "Sec-Fetch-Site": "same-origin",
        }
        body = urlencode({name: CANARIES[name] for name in ("name", "email", "postcode")})
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as client:
            client.request("POST", f"/pledges/confirm/{CANARIES['token']}/?q={CANARIES['query']}", body, headers)
            response = client.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()

    def send_raw(self, request):
        """Send bytes that may not be HTTP at all, and wait until the site hangs up."""
        with suppress(ConnectionResetError), socket.create_connection(("127.0.0.1", self.port), timeout=30) as client:
            client.sendall(request)
            while client.recv(4096):
                pass

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def log(self):
        return self.log_file.read_text()


@pytest.fixture
def crashing_site(tmp_path):
    """Return a function that starts a site with environment variables; it is stopped after the test."""
    started = []

    def start(**environment):
        started.append(CrashingSite(tmp_path, **environment))
        return started[-1]

    yield start
    for site in started:
        site.stop()
