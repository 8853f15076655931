"""systemd keeps the web server's socket, so nobody is refused while an upgrade restarts it."""

import re
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pytest
from django.core.management import call_command

from pledges.models import Pledge, Signature
from tests.checkouts import HERE, wait_until
from tests.front import NGINX, Front, collect_static
from tests.pledges.conftest import ANSWERS

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("deploy")]
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
UNIT = (HERE / "deploy" / "systemd" / "campaign-hub-web.service").read_text()
# Pass the socket as systemd does (sd_listen_fds(3)).
ACTIVATE = 'exec 3<&"$0"; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'
RESTARTS = 3
PEOPLE = 8
PATIENCE = 300  # seconds: while other tests run, Django may take more than a minute to start, and a request half of one
# A server has an end to its patience too, but this is about the socket.
PATIENT = ["--graceful-timeout", str(PATIENCE), "--timeout", str(PATIENCE)]


class HeldFront(Front):
    """Both servers, with the command of our unit on a socket that this process keeps open."""

    def __init__(self, folder, **environment):
        super().__init__(folder, "http", **environment)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.socket))
        self.listener.listen(2048)

    def site_conf(self):
        return re.sub(r"(proxy_read_timeout +)60s", rf"\g<1>{PATIENCE}s", super().site_conf())

    def start_gunicorn(self):
        options = UNIT.partition(".venv/bin/python ")[2].splitlines()[0].split()
        number = self.listener.fileno()
        command = ["bash", "-c", ACTIVATE, str(number), sys.executable, *options, *PATIENT]
        self.gunicorn = subprocess.Popen(command, env=self.environment(), cwd=HERE, pass_fds=[number])  # noqa: S603

    def restart(self):
        self.gunicorn.terminate()
        self.gunicorn.wait()
        self.start_gunicorn()


@pytest.fixture
def site(transactional_db, tmp_path):
    call_command("load_campaign")
    collect_static()
    site = HeldFront(tmp_path, WEB_WORKERS="2")
    site.make_certificate()
    site.start_gunicorn()
    site.start_nginx()
    try:
        yield site
    finally:
        for process in (site.nginx, site.gunicorn):
            process.terminate()
            process.wait()
        site.listener.close()


class Crowd:
    """People who sign one after another, until they are stopped; `outcomes` has a status or an error for each."""

    def __init__(self, port, path):
        self.port, self.path, self.outcomes, self.stopped = port, path, [], threading.Event()
        self.threads = [threading.Thread(target=self.sign, args=(number,)) for number in range(PEOPLE)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def sign(self, number):
        turn = 0
        while not self.stopped.is_set():
            turn += 1
            body = urlencode(ANSWERS | {"email": f"ruth.{number}.{turn}@example.org"})
            self.outcomes.append(self.answer("POST", self.path, body))
            self.outcomes.append(self.answer("GET", "/healthz"))

    def answer(self, method, path, body=None):
        client = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            client.request(method, path, body, FORM)
            return client.getresponse().status
        except (OSError, HTTPException) as error:
            return repr(error)
        finally:
            client.close()


@pytest.mark.skipif(not NGINX, reason="nginx is not installed.")
def test_no_request_is_refused_while_the_web_server_restarts(site):
    with Crowd(site.port, Pledge.objects.get().get_absolute_url()) as crowd:
        wait_until(lambda: len(crowd.outcomes) > PEOPLE, PATIENCE)
        for _restart in range(RESTARTS):
            before = len(crowd.outcomes)
            site.restart()
            wait_until(lambda before=before: len(crowd.outcomes) > before + 4 * PEOPLE, PATIENCE)

    assert set(crowd.outcomes) == {302, 200}
    assert Signature.objects.count() == crowd.outcomes.count(302)
