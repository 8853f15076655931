"""localstripe in a separate process: a third-party stand-in for Stripe that moves money.

It lacks Checkout, the portal, disputes and idempotency, and returns charges and invoices in an older format. Fields of
the newer format are added here, in its process, from its own data; so are the events for refunds and for paid
invoices, which it doesn't send. It alone moves the money and signs the events; our own code isn't adapted to it.
"""

import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import requests

KEY = "sk_test_localstripe"
PATIENCE = 60  # seconds


class LocalStripe:
    """Actions of a donor, a bank, and an organiser in Stripe's dashboard."""

    def __init__(self, port, process):
        self.url, self.process = f"http://127.0.0.1:{port}", process

    def request(self, method, path, **values):
        """Send a request as anybody with the key could; return the response's JSON, whatever its status."""
        response = requests.request(method, f"{self.url}{path}", data=values, auth=(KEY, ""), timeout=PATIENCE)
        return response.json() if response.content else None

    def create_card(self, number):
        """Create a card; return its ID."""
        card = {"card[number]": number, "card[exp_month]": 12, "card[exp_year]": 2040, "card[cvc]": "123"}
        return self.request("POST", "/v1/payment_methods", type="card", **card)["id"]

    def pay(self, amount, number, donation):
        """Pay by card; return the ID of the payment, whether or not it succeeded."""
        values = {"amount": amount, "currency": "gbp", "metadata[donation]": donation}
        intent = self.request("POST", "/v1/payment_intents", payment_method=self.create_card(number), **values)
        self.request("POST", f"/v1/payment_intents/{intent['id']}/confirm")
        return intent["id"]

    def authenticate(self, intent, *, confirmed):
        """Confirm or deny the payment to the bank; return the payment."""
        secret = self.request("GET", f"/v1/payment_intents/{intent}")["client_secret"]
        path = f"/v1/payment_intents/{intent}/_authenticate"
        return self.request("POST", path, client_secret=secret, success=str(confirmed).lower())

    def subscribe(self, amount, number, donation):
        """Start a monthly donation; return the subscription, with its first invoice."""
        customer = self.request("POST", "/v1/customers", email="ada@example.org")["id"]
        self.change_card(customer, number)
        plan = {"amount": amount, "currency": "gbp", "interval": "month", "product[name]": "Donation"}
        plan_id = self.request("POST", "/v1/plans", **plan)["id"]
        values = {"items[0][plan]": plan_id, "metadata[donation]": donation}
        return self.request("POST", "/v1/subscriptions", customer=customer, **values)

    def change_card(self, customer, number):
        """Use another card from now on."""
        card = self.create_card(number)
        self.request("POST", f"/v1/payment_methods/{card}/attach", customer=customer)
        chosen = {"invoice_settings[default_payment_method]": card}
        self.request("POST", f"/v1/customers/{customer}", **chosen)

    def bill_month(self, subscription):
        """Bill a subscription for another month. Return the invoice, whether or not it was paid."""
        of = {"customer": subscription["customer"], "subscription": subscription["id"]}
        invoice = self.request("POST", "/v1/invoices", **of)["id"]
        return self.request("POST", f"/v1/invoices/{invoice}/pay")


@contextmanager
def localstripe():
    """Run an empty instance on this machine only. It ends with us, even if we are killed."""
    with socket.create_server(("127.0.0.1", 0)) as ours:
        command = [sys.executable, "-W", "ignore", "-m", "tests.localstripe", str(ours.fileno())]
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=Path(__file__).parent.parent, stdin=subprocess.PIPE, pass_fds=[ours.fileno()]
        )
        running = LocalStripe(ours.getsockname()[1], process)
    try:
        wait_until_it_answers(running)
        yield running
    finally:
        process.stdin.close()
        process.wait(PATIENCE)


def wait_until_it_answers(running):
    """Send a first request. Raises ConnectionError if the process has ended; its reason is in the tests' output."""
    running.request("GET", "/v1/plans")


def serve(descriptor):
    """Serve on a socket until our standard input is closed; keep nothing on disk."""
    from aiohttp import web
    from localstripe import resources, server

    resources.Store.dump_to_disk = lambda self: None
    add_newer_fields(resources)
    send_missing_events(resources)
    server.app.router.add_get(
        "/v1/invoice_payments", lambda request: web.json_response(invoice_payments(resources, request))
    )
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    web.run_app(server.app, sock=socket.socket(fileno=descriptor), print=None, access_log=None)


def add_newer_fields(resources):
    """Add fields that Stripe has renamed or added since: https://docs.stripe.com/changelog"""

    def parent(invoice):
        subscription = resources.Subscription._api_retrieve(invoice.subscription)
        return {"subscription_details": {"subscription": subscription.id, "metadata": subscription.metadata}}

    resources.Charge.disputed = False
    resources.Charge.payment_method_details = {"type": "card"}
    resources.PaymentIntent.amount_received = property(
        lambda intent: intent.amount if intent.status == "succeeded" else 0
    )
    resources.Invoice.payments, resources.Invoice.parent = property(payments), property(parent)


def payments(invoice):
    payment = {"type": "payment_intent", "payment_intent": invoice.payment_intent}
    entries = [{"object": "invoice_payment", "invoice": invoice.id, "payment": payment}]
    return {"object": "list", "has_more": False, "data": entries if invoice.payment_intent else []}


def invoice_payments(resources, request):
    """Return what https://docs.stripe.com/api/invoice-payment/list returns for a payment."""
    invoice = resources.PaymentIntent._api_retrieve(request.query["payment[payment_intent]"]).invoice
    return payments(resources.Invoice._api_retrieve(invoice)) if invoice else {"object": "list", "data": []}


def send_missing_events(resources):
    """Send events that it lacks (https://docs.stripe.com/api/events/types) in its own way: signed, a second later."""
    send, refund = resources.schedule_webhook, resources.Refund._api_create

    def send_with_paid(event):
        send(event)
        if event.type == "invoice.payment_succeeded":
            send(resources.Event("invoice.paid", resources.Invoice._api_retrieve(event.data["object"]["id"])))

    def refund_and_send(**values):
        created = refund(**values)
        send(resources.Event("refund.created", created))
        send(resources.Event("charge.refunded", resources.Charge._api_retrieve(created.charge)))
        return created

    resources.schedule_webhook, resources.Refund._api_create = send_with_paid, refund_and_send


if __name__ == "__main__":
    serve(int(sys.argv[1]))
