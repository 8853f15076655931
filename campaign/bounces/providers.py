"""Events that a mail provider reports to our webhook, read and verified by django-anymail.

We take only the address and the kind of event. Nothing else in the request is stored or logged.
"""

import pkgutil
import re
import warnings
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from typing import Any

from anymail import webhooks
from anymail.exceptions import AnymailError, AnymailInsecureWebhookWarning
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from campaign.bounces.hardness import is_hard, is_inconclusive
from campaign.bounces.outcomes import Kind, Outcome
from campaign.email_addresses.parsing import usable_address

# What anymail raises for a request or an event that makes no sense. Database errors aren't among them.
UNREADABLE = (
    *(AnymailError, AssertionError, AttributeError, ImproperlyConfigured),
    *(LookupError, RecursionError, TypeError, ValueError),
)
VIEWS = ("TrackingWebhookView", "CombinedWebhookView")
# How providers say that a bounce is soft. Anymail passes this on only in `esp_event`.
SOFT_KEY = re.compile(r"type|event|severity|classification", re.IGNORECASE)
SOFT = re.compile(r"soft|transient|temporar|undetermined", re.IGNORECASE)
SOFT_CLASSES = {"20", "21", "22", "23", "24", "40", "60", "70", "100"}  # SparkPost's bounce_class
# A provider refuses messages to addresses that have bounced, reported spam or unsubscribed before.
REJECTED = {
    RejectReason.BOUNCED: Kind.HARD_BOUNCE,
    RejectReason.INVALID: Kind.HARD_BOUNCE,
    RejectReason.SPAM: Kind.SPAM_REPORT,
    RejectReason.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
}
SIMPLE = {EventType.COMPLAINED: Kind.SPAM_REPORT, EventType.UNSUBSCRIBED: Kind.UNSUBSCRIBED}


def names() -> set[str]:
    """Return the providers that anymail knows, such as "postmark". Leave out Brevo's former name."""
    return {module.name for module in pkgutil.iter_modules(webhooks.__path__)} - {"base", "sendinblue"}


def webhook(provider: str) -> Any:
    """Return anymail's view for the events of a provider. Raises ImproperlyConfigured if a setting is missing.

    Raises AnymailInsecureWebhookWarning if the settings would let anybody send it events.
    """
    module = import_module(f"anymail.webhooks.{provider}")
    name = min(
        name for name, kind in vars(module).items() if name.endswith(VIEWS) and kind.__module__ == module.__name__
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", AnymailInsecureWebhookWarning)
        view = getattr(module, name)()
    if hasattr(view, "esp_to_anymail_event"):
        view.esp_to_anymail_event = _or_none(view.esp_to_anymail_event)
    return view


def is_genuine(view: Any, request: HttpRequest) -> bool:
    """Return whether a request carries the provider's signature, or our secret."""
    try:
        view.run_validators(request)
    except UNREADABLE:
        return False
    return True


def outcomes(view: Any, request: HttpRequest) -> Iterator[Outcome]:
    """Yield the outcomes in a genuine request, without unreadable events. Raises UNREADABLE if it makes no sense."""
    for event in view.parse_events(request):
        try:
            outcome = _outcome(event)
        except UNREADABLE:
            continue
        if outcome is not None:
            yield outcome


def _or_none(read: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that reads one event return None if it fails, so that the other events are still read."""

    @wraps(read)
    def read_one(*args: Any, **kwargs: Any) -> Any:
        try:
            return read(*args, **kwargs)
        except UNREADABLE:
            return None

    return read_one


def _outcome(event: AnymailTrackingEvent | None) -> Outcome | None:
    address = usable_address(str(event.recipient or "")) if event else ""
    kind = _kind(event) if event and address else None
    return Outcome(address, kind) if kind else None


def _kind(event: AnymailTrackingEvent) -> Kind | None:
    """Return the kind of outcome, or None if there is nothing to do, as while the provider is still trying."""
    if event.event_type == EventType.BOUNCED:
        return Kind.HARD_BOUNCE if _is_hard_bounce(event) else Kind.SOFT_BOUNCE
    if event.event_type == EventType.REJECTED:
        return REJECTED.get(event.reject_reason)
    return SIMPLE.get(event.event_type)


def _is_hard_bounce(event: AnymailTrackingEvent) -> bool:
    """Return whether there is no such mailbox. The mail server's reply decides. If it is unclear, the provider does."""
    words = f"{event.mta_response or ''} {event.description or ''}"
    if not is_inconclusive(words):
        return is_hard(words)
    is_final = event.reject_reason in (None, RejectReason.BOUNCED, RejectReason.INVALID)
    return is_final and not _says_soft(event.esp_event)


def _says_soft(reported: Any) -> bool:
    """Return whether the provider itself says that the bounce is soft."""
    pairs: list[tuple[str, Any]] = []
    _collect(reported, pairs)
    return any(
        (SOFT_KEY.search(key) and isinstance(value, str) and SOFT.search(value))
        or (key == "hard_bounce" and value is False)
        or (key == "bounce_class" and str(value) in SOFT_CLASSES)
        for key, value in pairs
    )


def _collect(value: Any, pairs: list[tuple[str, Any]]) -> None:
    """Add every key and its value to `pairs`, however deeply they are nested."""
    if isinstance(value, list):
        for each in value:
            _collect(each, pairs)
    elif hasattr(value, "items"):
        for key, each in value.items():
            pairs.append((str(key), each))
            _collect(each, pairs)
