"""Sending through a provider's API (a stand-in on loopback): addresses don't reach the log or the outbox."""

import json
import logging
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from campaign.mail.explanations import explain
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from campaign.worker import UnavailableError
from tests.checkouts import free_port

RUTH = "ruth@example.org"
WAITING, SENT, GAVE_UP = Message.Outcome.WAITING, Message.Outcome.SENT, Message.Outcome.GAVE_UP

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """A provider that answers as the test asks. Like real providers, it repeats the recipient's address."""

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append(request)
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps({"To": RUTH, "Message": f"<{RUTH}>"} | self.server.answer).encode())

    def log_message(self, *args):
        pass


@contextmanager
def provider(status, answer):
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        server.received, server.status, server.answer = [], status, answer
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def use(settings, port):
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": f"http://127.0.0.1:{port}/"}


@pytest.mark.parametrize(
    ("status", "answer", "outcome", "problem"),
    [
        (200, {"ErrorCode": 0, "MessageID": "1"}, SENT, ""),
        (
            422,
            {"ErrorCode": 406, "Message": f"Found inactive addresses: {RUTH}. Inactive recipients"},
            GAVE_UP,
            "AnymailRecipientsRefused",
        ),
        (422, {"ErrorCode": 10}, GAVE_UP, "AnymailRequestsAPIError 422"),
        (401, {"ErrorCode": 10}, WAITING, "mail server: AnymailRequestsAPIError 401"),
        (429, {}, WAITING, "mail server: AnymailRequestsAPIError 429"),
        (500, {}, WAITING, "mail server: AnymailRequestsAPIError 500"),
    ],
)
def test_a_providers_answer_decides_and_its_text_is_not_kept(settings, greet, caplog, status, answer, outcome, problem):
    caplog.set_level(logging.INFO)
    message = greet(RUTH)
    with provider(status, answer) as server:
        use(settings, server.server_address[1])
        with suppress(UnavailableError):
            send_waiting()

    message.refresh_from_db()
    assert (message.outcome, message.problem) == (outcome, problem)
    assert server.received[0]["To"] == RUTH
    assert RUTH not in caplog.text
    assert not problem or "show this to the person who looks after the server" not in explain(problem)


def test_a_provider_that_cannot_be_reached_costs_at_most_one_attempt(settings, greet, caplog):
    use(settings, free_port())
    for _ in range(3):
        greet(RUTH)
    with pytest.raises(UnavailableError, match="does not accept mail"):
        send_waiting()

    assert Message.objects.filter(outcome=WAITING, attempts=0).count() == 2
    assert RUTH not in caplog.text
