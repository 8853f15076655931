"""Stripe's own sample objects, less what its pinned package does not know.

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
    """The sample of each kind, such as "checkout.session"."""
    found = json.loads(SAMPLES.read_text(encoding="utf-8"))
    return {kind: known(sample, class_of(kind)) for kind, sample in found.items()}


def class_of(kind):
    """The class of the package for a kind of object."""
    place = stripe
    *parents, last = kind.split(".")
    for parent in parents:
        place = getattr(place, parent)
    return getattr(place, "".join(word.title() for word in last.split("_")))


def known(sample, kind):
    """The sample without the keys that its class, or the class of a part of it, does not name."""
    fields = kind.__annotations__
    return {key: part(value, fields[key]) for key, value in sample.items() if key in fields}


def part(value, annotation):
    """A value whose own keys are held against the class of a part, if its annotation is of one."""
    inner = next(classes(annotation), None)
    if inner and isinstance(value, dict):
        return known(value, inner)
    if inner and isinstance(value, list):
        return [known(one, inner) if isinstance(one, dict) else one for one in value]
    return value


def classes(annotation):
    """The classes of parts in an annotation, such as Optional[Session.CustomerDetails]."""
    if isinstance(annotation, type) and issubclass(annotation, stripe.StripeObject):
        yield annotation
    for inner in get_args(annotation):
        yield from classes(inner)
