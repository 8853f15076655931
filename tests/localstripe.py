"""localstripe, as a process of its own: a stand-in for Stripe, made by others, that moves money.

It has no Checkout, portal, disputes or idempotency, and gives charges and invoices in an older shape. What the newer
shape says otherwise is added here, in its process, from what it knows; our own code is not bent to it.
"""

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.checkouts import free_port

KEY = "sk_test_localstripe"
PATIENCE = 30


class LocalStripe:
    """What a donor, a bank and an organiser at Stripe's dashboard do."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, method, path, **values):
        """Send a request as anybody with the key could; give the answer, whatever its status."""
        answer = requests.request(method, f"{self.url}{path}", data=values, auth=(KEY, ""), timeout=10)
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

    def subscribe(self, amount, number, donation):
        """Give every month; the subscription, with its first invoice."""
        customer = self.ask("POST", "/v1/customers", email="ada@example.org")["id"]
        card = self.card(number)
        self.ask("POST", f"/v1/payment_methods/{card}/attach", customer=customer)
        chosen = {"invoice_settings[default_payment_method]": card}
        self.ask("POST", f"/v1/customers/{customer}", **chosen)
        plan = {"amount": amount, "currency": "gbp", "interval": "month", "product[name]": "Donation"}
        plan_id = self.ask("POST", "/v1/plans", **plan)["id"]
        values = {"items[0][plan]": plan_id, "metadata[donation]": donation}
        return self.ask("POST", "/v1/subscriptions", customer=customer, **values)


@contextmanager
def localstripe():
    """Run one with nothing in it meanwhile, on this machine only."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "tests.localstripe", str(port)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=Path(__file__).parent.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    running = LocalStripe(port)
    try:
        wait_until_it_answers(running, process)
        yield running
    finally:
        process.terminate()
        process.wait(10)
        process.stderr.close()


def wait_until_it_answers(running, process):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return running.ask("GET", "/v1/balance")
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"localstripe did not start: {process.stderr.read() if process.poll() is not None else ''}")


def serve(port):
    """Serve until we are ended. Nothing is kept on disk."""
    from aiohttp import web
    from localstripe import resources, server

    resources.Store.dump_to_disk = lambda self: None
    made_now(resources)
    web.run_app(server.app, host="127.0.0.1", port=port, print=None)


def made_now(resources):
    """Give what has been renamed or added since: https://docs.stripe.com/changelog"""

    def payments(invoice):
        payment = {"type": "payment_intent", "payment_intent": invoice.payment_intent}
        found = [{"object": "invoice_payment", "invoice": invoice.id, "payment": payment}]
        return {"object": "list", "has_more": False, "data": found if invoice.payment_intent else []}

    def parent(invoice):
        subscription = resources.Subscription._api_retrieve(invoice.subscription)
        return {"subscription_details": {"subscription": subscription.id, "metadata": subscription.metadata}}

    resources.Charge.paid = property(lambda charge: charge.status == "succeeded")
    resources.Charge.disputed = False
    resources.Charge.payment_method_details = {"type": "card"}
    resources.PaymentIntent.amount_received = property(
        lambda intent: intent.amount if intent.status == "succeeded" else 0
    )
    resources.Invoice.payments, resources.Invoice.parent = property(payments), property(parent)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
