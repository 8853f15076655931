"""A check that Stripe would accept our requests, by the parameter types in Stripe's own, pinned package.

A parameter that a new release drops, or that we made up, fails the tests that send it.
"""

import re
import sys
from functools import cache
from typing import Dict, TypeVar  # noqa: UP035 - what the types are written with

import stripe.params.checkout
from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import is_typeddict

ID = r"/[a-zA-Z0-9_-]+"
TYPES = {
    rf"POST /v1/checkout/sessions{ID}/expire": "checkout.SessionExpireParams",
    r"POST /v1/checkout/sessions": "checkout.SessionCreateParams",
    rf"GET /v1/checkout/sessions{ID}": "checkout.SessionRetrieveParams",
    r"GET /v1/checkout/sessions": "checkout.SessionListParams",
    rf"GET /v1/payment_intents{ID}": "PaymentIntentRetrieveParams",
    r"GET /v1/payment_intents": "PaymentIntentListParams",
    r"GET /v1/refunds": "RefundListParams",
    r"GET /v1/disputes": "DisputeListParams",
    rf"GET /v1/charges{ID}": "ChargeRetrieveParams",
    rf"GET /v1/subscriptions{ID}": "SubscriptionRetrieveParams",
    rf"GET /v1/invoices{ID}": "InvoiceRetrieveParams",
    r"GET /v1/invoices": "InvoiceListParams",
    r"GET /v1/invoice_payments": "InvoicePaymentListParams",
    r"GET /v1/balance_transactions": "BalanceTransactionListParams",
    r"GET /v1/payouts": "PayoutListParams",
}
OPTIONS = set(stripe.RequestOptions.__annotations__)
T = TypeVar("T")
Untyped = Dict[str, T]  # noqa: UP006


def violations(method, path, values):
    """Return errors of a request whose `values` were form-encoded, such as {"line_items[0][quantity]": "1"}."""
    name = next((name for pattern, name in TYPES.items() if re.fullmatch(pattern, f"{method} {path}")), None)
    if name is None:
        return [f"{method} {path}: an endpoint that we are not known to use"]
    try:
        adapter(name).validate_python(nested(values))
    except ValidationError as error:
        return [f"{path}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    return []


def nested(values):
    """Return the dictionaries and lists that form-encoded values represent."""
    whole = {}
    for key, value in values.items():
        *parents, last = [key.split("[")[0], *re.findall(r"\[([^\]]*)\]", key)]
        place = whole
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return listed(whole)


def listed(value):
    if not isinstance(value, dict):
        return value
    inside = {key: listed(one) for key, one in value.items()}
    numbered = inside and all(key.isdigit() for key in inside)
    return [inside[key] for key in sorted(inside, key=int)] if numbered else inside


@cache
def adapter(name):
    """Return a validator for parameters of a type that refuses unknown keys at any depth."""
    place = stripe.params
    for part in name.split("."):
        place = getattr(place, part)
    for module in list(sys.modules.values()):
        if module.__name__.startswith("stripe.params."):
            make_strict(module)
    return TypeAdapter(place)


def make_strict(module):
    """Make pydantic refuse extra keys in all types of a module, and options that only say how to send a request."""
    module.UntypedStripeObject = Untyped
    for kind in vars(module).values():
        if is_typeddict(kind):
            kind.__pydantic_config__ = ConfigDict(extra="forbid")
            for option in OPTIONS:
                kind.__annotations__.pop(option, None)
