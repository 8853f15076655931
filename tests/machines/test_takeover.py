"""nginx with two web machines that restart one right after the other, as in an upgrade."""

import shutil
import threading
import time
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.checkouts import wait_until
from tests.front import NGINX, end
from tests.machines.cluster import Cluster, Visitor

pytestmark = [
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(not (NGINX and shutil.which("openssl")), reason="nginx and openssl are needed."),
]


class Answer(BaseHTTPRequestHandler):
    """A handler that answers every request with 200, like a web machine that is up."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@contextmanager
def machine(port):
    """Run a web machine on this port."""
    with ThreadingHTTPServer(("127.0.0.1", port), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def statuses(site, number=4):
    """Return the statuses of several requests, enough for nginx to try each machine."""
    return [Visitor().get(site.port, "/")[0] for _ in range(number)]


def test_a_machine_is_asked_again_in_the_very_second_after_it_refused(tmp_path):
    site = Cluster(tmp_path, SITE_URL="http://127.0.0.1")
    site.make_certificate()
    with ExitStack() as stack:
        site.start_nginx()
        stack.callback(end, site.nginx)
        with machine(site.ports[1]):
            wait_until(lambda: time.time() % 1 < 0.2)  # nginx counts whole seconds
            assert statuses(site) == [200] * 4  # the first machine refuses, and the second answers
        with machine(site.ports[0]):
            assert statuses(site) == [200] * 4
