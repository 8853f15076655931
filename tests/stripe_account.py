"""A Stripe account held in memory, which `tests.stripe_standin` serves."""

import copy
import itertools
import json
import threading
import time

from tests.stripe_objects import samples
from tests.stripe_types import violations

MIN_SESSION_LIFE = 30 * 60  # seconds: https://docs.stripe.com/api/checkout/sessions/create
LIST = {"object": "list", "has_more": False, "url": "/"}
LISTS = {
    "/v1/checkout/sessions": "checkout.session",
    "/v1/payment_intents": "payment_intent",
    "/v1/refunds": "refund",
    "/v1/disputes": "dispute",
    "/v1/invoices": "invoice",
    "/v1/invoice_payments": "invoice_payment",
    "/v1/balance_transactions": "balance_transaction",
    "/v1/payouts": "payout",
}


class StandIn:
    """Everything that Stripe would hold for one account, and every request it received as (method, path, values).

    `faults`: for each of the next requests, a status to answer with, or a function to call before answering. `broken`:
    IDs of objects that can't be retrieved.
    """

    def __init__(self, *, livemode=True):
        self.livemode = livemode
        self.url = ""
        self.numbers = itertools.count(1)
        self.lock = threading.RLock()
        self.objects = {}
        self.answers = {}
        self.requests = []
        self.faults = []
        self.broken = set()
        self.violations = []

    # --- What people and banks do

    def make(self, kind, prefix, **values):
        """Store and return an object shaped like Stripe's own sample of its kind, with these values."""
        made = copy.deepcopy(samples().get(kind, {}))
        made |= {"id": f"{prefix}_{next(self.numbers)}", "object": kind, "created": int(time.time())}
        made |= {"livemode": self.livemode, "metadata": {}} | values
        self.objects[made["id"]] = made
        return made

    def all(self, kind, **match):
        """Return the objects of a kind with these values, newest first."""
        objects = [one for one in self.objects.values() if one["object"] == kind]
        return [one for one in reversed(objects) if all(one.get(key) == value for key, value in match.items())]

    def pay(self, session, status="succeeded", name="Ada Donor", email="ada@example.org"):
        """Fill in the payment page: by card ("succeeded"), or by Direct Debit ("processing"). Return the payment."""
        session["status"] = "complete"
        session["payment_status"] = "paid" if status == "succeeded" else "unpaid"
        session["url"] = None
        session["customer"] = self.make("customer", "cus")["id"]
        session["customer_details"] = {"name": name, "email": email}
        total = int(session["request_values"]["line_items[0][price_data][unit_amount]"])
        if session["mode"] == "payment":
            intent = self.intent(total, status, {"donation": session["client_reference_id"]})
            session["payment_intent"] = intent["id"]
            return intent
        subscription = self.make(
            "subscription", "sub", status="active", metadata={"donation": session["client_reference_id"]}, total=total
        )
        session["subscription"] = subscription["id"]
        session["invoice"] = self.bill_month(subscription, status)["id"]
        return self.objects[self.all("invoice")[0]["payments"]["data"][0]["payment"]["payment_intent"]]

    def bill_month(self, subscription, status="succeeded"):
        """Bill a subscription for another month. Return the invoice."""
        intent = self.intent(subscription["total"], status, {})
        details = {"subscription": subscription["id"], "metadata": subscription["metadata"]}
        invoice = self.make("invoice", "in", parent={"subscription_details": details})
        payment = {"type": "payment_intent", "payment_intent": intent["id"]}
        paid = self.make("invoice_payment", "inpay", invoice=invoice["id"], payment=payment)
        invoice["payments"] = LIST | {"data": [paid]}
        return invoice

    def intent(self, amount, status, metadata):
        """Create a payment with its charge."""
        intent = self.make("payment_intent", "pi", amount=amount, currency="gbp", metadata=metadata)
        charge = self.make(
            "charge",
            "ch",
            payment_intent=intent["id"],
            paid=status in ("succeeded", "processing"),
            disputed=False,
            payment_method_details={"type": "card" if status == "succeeded" else "bacs_debit"},
        )
        intent |= {"latest_charge": charge["id"]}
        self.settle(intent, status)
        return intent

    def settle(self, intent, status):
        """Record the bank's answer."""
        intent["status"] = status
        intent["amount_received"] = intent["amount"] if status == "succeeded" else 0

    def refund(self, intent, amount, status="succeeded"):
        """Refund a payment, in part or in full."""
        return self.make("refund", "re", payment_intent=intent["id"], amount=amount, status=status)

    def dispute(self, intent, status="needs_response", amount=None):
        """Dispute a payment, as the donor's bank does."""
        self.objects[intent["latest_charge"]]["disputed"] = True
        amount = amount or intent["amount"]
        return self.make("dispute", "dp", payment_intent=intent["id"], amount=amount, status=status)

    def enter_balance(self, intent, fee):
        """Add a payment to the balance, less Stripe's fee; return the balance transaction."""
        source, amount = intent["latest_charge"], intent["amount"]
        values = {"source": source, "amount": amount, "fee": fee, "net": amount - fee, "currency": intent["currency"]}
        return self.make("balance_transaction", "txn", type="charge", **values)

    def pay_out(self, *transactions, arrives, status="paid"):
        """Pay out balance transactions to the bank account, arriving at a Unix time; return the payout."""
        payout = self.make("payout", "po", arrival_date=arrives, status=status, automatic=True)
        for transaction in transactions:
            transaction["in_payout"] = payout["id"]
        return payout

    # --- Requests from our code

    def answer(self, method, path, values, key):
        """Return the status and the object for a request."""
        with self.lock:
            self.requests.append((method, path, values))
            self.violations += violations(method, path, values)
            last = path.split("/")[-1]
            if last in self.broken:
                return 500, {"error": {"type": "api_error", "message": "a fault"}}
            if method == "POST":
                return self.expire(self.objects[path.split("/")[-2]]) if last == "expire" else self.create(values, key)
            if last in self.objects:
                return 200, self.expanded(self.objects[last], values)
            if path in LISTS:
                return 200, LIST | {"data": self.since(self.listed(LISTS[path], values), values)}
            return 404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such"}}

    def listed(self, kind, values):
        if kind == "invoice":
            return [one for one in self.all(kind) if subscription_of(one) == values["subscription"]]
        if kind == "invoice_payment":
            wanted = values["payment[payment_intent]"]
            return [one for one in self.all(kind) if one["payment"]["payment_intent"] == wanted]
        if "payout" in values:
            return self.all(kind, in_payout=values["payout"])
        match = {"payment_intent": values["payment_intent"]} if "payment_intent" in values else {}
        return self.all(kind, **match)

    def since(self, objects, values):
        earliest = int(values.get("created[gte]", 0))
        return [one for one in objects if one["created"] >= earliest]

    def create(self, values, key):
        if key in self.answers:
            previous, session = self.answers[key]
            if previous != values:
                return 400, {"error": {"type": "idempotency_error", "message": "other parameters"}}
            return 200, session
        if "expires_at" in values and int(values["expires_at"]) < time.time() + MIN_SESSION_LIFE:
            return 400, {"error": {"type": "invalid_request_error", "param": "expires_at", "message": "Too soon"}}
        session = self.make(
            "checkout.session",
            "cs_test",
            status="open",
            mode=values["mode"],
            client_reference_id=values["client_reference_id"],
            payment_status="unpaid",
            payment_intent=None,
            subscription=None,
            invoice=None,
            customer=None,
            customer_details=None,
            success_url=values["success_url"],
            cancel_url=values.get("cancel_url", ""),
            request_values=values,
        )
        session["url"] = f"{self.url}/pay/{session['id']}"
        self.answers[key] = values, copy.deepcopy(session)  # as Stripe does, whatever happens to the session meanwhile
        return 200, session

    def expire(self, session):
        if session["status"] != "open":
            return 400, {"error": {"type": "invalid_request_error", "message": "Only open sessions"}}
        session |= {"status": "expired", "url": None}
        return 200, session

    def expanded(self, one, values):
        if one["object"] == "payment_intent" and "latest_charge" in values.values():
            return one | {"latest_charge": self.objects[one["latest_charge"]]}
        return one

    def event(self, type, about):
        """Return an event about an object, as it is now."""
        return {
            "id": f"evt_{next(self.numbers)}",
            "object": "event",
            "type": type,
            "livemode": self.livemode,
            "created": int(time.time()),
            "data": {"object": json.loads(json.dumps(about))},
        }


def subscription_of(invoice):
    return invoice["parent"]["subscription_details"]["subscription"]
