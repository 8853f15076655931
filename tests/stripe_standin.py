"""A stand-in for Stripe's API, over HTTP on this machine, that records requests and answers them.

It covers what no other stand-in does: Checkout, idempotency, disputes, faults, and events in any order. It knows only
as much about money (payments, refunds, invoices) as our code asks for; `localstripe` really moves money.
"""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.servers import running
from tests.stripe_account import StandIn


class Handler(BaseHTTPRequestHandler):
    """Stripe's API, and its payment page with one button."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    disable_nagle_algorithm = True

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path.startswith("/pay/"):
            self.reply(200, payment_page(url.path), "text/html")
            return
        self.api("GET", url.path, url.query)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.startswith("/pay/"):
            session = self.server.standin.objects[self.path.split("/")[2]]
            self.server.standin.pay(session)
            self.send_response(303)
            self.send_header("Location", session["success_url"])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.api("POST", self.path, body)

    def api(self, method, path, query):
        standin = self.server.standin
        if standin.faults:
            fault = standin.faults.pop(0)
            if callable(fault):
                fault()
            else:
                self.reply(fault, json.dumps({"error": {"type": "api_error", "message": "a fault"}}))
                return
        values = dict(parse_qsl(query, keep_blank_values=True))
        status, answer = standin.answer(method, path, values, self.headers.get("Idempotency-Key"))
        self.reply(status, json.dumps(answer))

    def reply(self, status, text, kind="application/json"):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def payment_page(path):
    head = "<!doctype html><title>Pay</title><link rel=icon href=data:,>"
    return f"{head}<form method=post action={path}><button>Pay</button></form>"


class Server(ThreadingHTTPServer):
    """A server with one thread per connection; the threads end with us."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Ignore clients that disconnect half way, as a killed one does."""


@contextmanager
def stand_in(**options):
    """Run a stand-in; its `url` is a value for STRIPE_API_BASE.

    On exit, fails if it was sent anything that Stripe's own types would reject.
    """
    standin = StandIn(**options)
    server = Server(("127.0.0.1", 0), Handler)
    server.standin = standin
    standin.url = f"http://127.0.0.1:{server.server_port}"
    with running(server):
        yield standin
    assert standin.violations == []
