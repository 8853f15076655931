"""Stripe's own sample objects, without the fields that its pinned package doesn't know.

From https://github.com/stripe/openapi (fixtures3.json), under the licence in `data/LICENSE.stripe-openapi`.
"""

import json
from functools import cache
from pathlib import Path
from typing import get_args

import stripe

SAMPLES = Path(__file__).parent / "data" / "stripe_objects.json"


@cache
def samples():
    """Return the sample of each kind of object, such as "checkout.session"."""
    data = json.loads(SAMPLES.read_text(encoding="utf-8"))
    return {kind: known(sample, class_of(kind)) for kind, sample in data.items()}


def class_of(kind):
    """Return the package's class for a kind of object."""
    namespace = stripe
    *parents, last = kind.split(".")
    for parent in parents:
        namespace = getattr(namespace, parent)
    return getattr(namespace, "".join(word.title() for word in last.split("_")))


def known(sample, kind):
    """Return the sample without keys that its class, or the class of a nested object, doesn't define."""
    fields = kind.__annotations__
    return {key: part(value, fields[key]) for key, value in sample.items() if key in fields}


def part(value, annotation):
    """Return a value, without unknown keys if its annotation names a class of nested objects."""
    inner = next(classes(annotation), None)
    if inner and isinstance(value, dict):
        return known(value, inner)
    if inner and isinstance(value, list):
        return [known(one, inner) if isinstance(one, dict) else one for one in value]
    return value


def classes(annotation):
    """Yield the classes of nested objects in an annotation, such as Optional[Session.CustomerDetails]."""
    if isinstance(annotation, type) and issubclass(annotation, stripe.StripeObject):
        yield annotation
    for inner in get_args(annotation):
        yield from classes(inner)
