"""localstripe, as a process of its own: a stand-in for Stripe, made by others, that moves money.

It has no Checkout, portal, disputes or idempotency, and gives charges and invoices in an older shape. What the newer
shape says otherwise is added here, in its process, from what it knows; so are the messages about refunds and about
invoices that were paid, which it does not send. It alone moves the money and signs the messages; our own code is not
bent to it.
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
    """What a donor, a bank and an organiser at Stripe's dashboard do."""

    def __init__(self, port, process):
        self.url, self.process = f"http://127.0.0.1:{port}", process

    def ask(self, method, path, **values):
        """Send a request as anybody with the key could; give the answer, whatever its status."""
        answer = requests.request(method, f"{self.url}{path}", data=values, auth=(KEY, ""), timeout=PATIENCE)
        return answer.json() if answer.content else None

    def card(self, number):
        """A card."""
        card = {"card[number]": number, "card[exp_month]": 12, "card[exp_year]": 2040, "card[cvc]": "123"}
        return self.ask("POST", "/v1/payment_methods", type="card", **card)["id"]

    def pay(self, amount, number, donation):
        """Pay with a card; the id of the payment, whatever came of it."""
        values = {"amount": amount, "currency": "gbp", "metadata[donation]": donation}
        intent = self.ask("POST", "/v1/payment_intents", payment_method=self.card(number), **values)
        self.ask("POST", f"/v1/payment_intents/{intent['id']}/confirm")
        return intent["id"]

    def answer_the_bank(self, intent, *, yes):
        """Say to the bank that it was oneself, or that it was not; the payment."""
        secret = self.ask("GET", f"/v1/payment_intents/{intent}")["client_secret"]
        path = f"/v1/payment_intents/{intent}/_authenticate"
        return self.ask("POST", path, client_secret=secret, success=str(yes).lower())

    def subscribe(self, amount, number, donation):
        """Give every month; the subscription, with its first invoice."""
        customer = self.ask("POST", "/v1/customers", email="ada@example.org")["id"]
        self.change_card(customer, number)
        plan = {"amount": amount, "currency": "gbp", "interval": "month", "product[name]": "Donation"}
        plan_id = self.ask("POST", "/v1/plans", **plan)["id"]
        values = {"items[0][plan]": plan_id, "metadata[donation]": donation}
        return self.ask("POST", "/v1/subscriptions", customer=customer, **values)

    def change_card(self, customer, number):
        """Pay with another card from now on."""
        card = self.card(number)
        self.ask("POST", f"/v1/payment_methods/{card}/attach", customer=customer)
        chosen = {"invoice_settings[default_payment_method]": card}
        self.ask("POST", f"/v1/customers/{customer}", **chosen)

    def month(self, subscription):
        """Ask for another month of a subscription; its invoice, whatever came of it."""
        of = {"customer": subscription["customer"], "subscription": subscription["id"]}
        invoice = self.ask("POST", "/v1/invoices", **of)["id"]
        return self.ask("POST", f"/v1/invoices/{invoice}/pay")


@contextmanager
def localstripe():
    """Run one with nothing in it meanwhile, on this machine only. It ends with us, even if we are killed."""
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
    """Raise ConnectionError if it has ended instead; it says why where the tests do."""
    running.ask("GET", "/v1/plans")


def serve(descriptor):
    """Serve on a socket until nobody holds our standard input any more. Nothing is kept on disk."""
    from aiohttp import web
    from localstripe import resources, server

    resources.Store.dump_to_disk = lambda self: None
    made_now(resources)
    told_now(resources)
    server.app.router.add_get("/v1/invoice_payments", lambda request: web.json_response(paid_by(resources, request)))
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    web.run_app(server.app, sock=socket.socket(fileno=descriptor), print=None, access_log=None)


def made_now(resources):
    """Give what has been renamed or added since: https://docs.stripe.com/changelog"""

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
    found = [{"object": "invoice_payment", "invoice": invoice.id, "payment": payment}]
    return {"object": "list", "has_more": False, "data": found if invoice.payment_intent else []}


def paid_by(resources, request):
    """What https://docs.stripe.com/api/invoice-payment/list gives for a payment."""
    invoice = resources.PaymentIntent._api_retrieve(request.query["payment[payment_intent]"]).invoice
    return payments(resources.Invoice._api_retrieve(invoice)) if invoice else {"object": "list", "data": []}


def told_now(resources):
    """Send what it lacks of https://docs.stripe.com/api/events/types, in its own way: a second later, signed."""
    send, refund = resources.schedule_webhook, resources.Refund._api_create

    def tell(event):
        send(event)
        if event.type == "invoice.payment_succeeded":
            send(resources.Event("invoice.paid", resources.Invoice._api_retrieve(event.data["object"]["id"])))

    def refund_and_tell(**values):
        made = refund(**values)
        send(resources.Event("refund.created", made))
        send(resources.Event("charge.refunded", resources.Charge._api_retrieve(made.charge)))
        return made

    resources.schedule_webhook, resources.Refund._api_create = tell, refund_and_tell


if __name__ == "__main__":
    serve(int(sys.argv[1]))
