"""Stripe's own sample objects, less what its pinned package does not know.

From https://github.com/stripe/openapi (fixtures3.json), under the licence in `data/LICENSE.stripe-openapi`.
"""

import json
import re
import sys
from functools import cache
from pathlib import Path

import stripe

SAMPLES = Path(__file__).parent / "data" / "stripe_objects.json"
NAME = re.compile(r"[A-Za-z_][\w.]*")


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
    kept = {}
    for key, value in sample.items():
        annotation = kind.__annotations__.get(key)
        if annotation is not None:
            kept[key] = part(value, str(annotation), kind)
    return kept


def part(value, annotation, kind):
    """A value whose own keys are held against the class that its annotation names, if it names one of the package."""
    inner = next(classes(annotation, kind), None)
    if inner is None:
        return value
    if isinstance(value, dict):
        return known(value, inner)
    if isinstance(value, list):
        return [known(one, inner) if isinstance(one, dict) else one for one in value]
    return value


def classes(annotation, kind):
    """The classes that an annotation names, such as "Optional[CustomerDetails]": of the class, or of its module."""
    for name in NAME.findall(annotation):
        for place in (kind, sys.modules[kind.__module__]):
            for step in name.split("."):
                place = getattr(place, step, None)
            if isinstance(place, type) and issubclass(place, stripe.StripeObject) and place is not stripe.ListObject:
                yield place
