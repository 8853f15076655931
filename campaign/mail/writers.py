"""The functions that write each kind of message, and what they read only once for a batch of messages."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.mail import EmailMessage
from django.utils.functional import Promise

from campaign.mail.kinds import NAMES
from campaign.mail.models import Message

Writer = Callable[[Message], EmailMessage | None]
WRITERS: dict[str, Writer] = {}
FOR_ANYBODY: set[str] = set()
# In seconds. Any change in this time counts as made just after the message was written.
KEPT_FOR = 1.0
Kept = dict[Hashable, tuple[float, Any]]
T = TypeVar("T")
_kept: ContextVar[Kept | None] = ContextVar("kept", default=None)


def writes(kind: str, name: Promise, *, anybody_may_ask: bool = False) -> Callable[[Writer], Writer]:
    """Register a function that writes the messages of a kind, or returns None if none is needed now.

    `name` is what organisers read instead of the kind, such as "Receipt for a donation". Messages that anybody can
    request, by typing an address that may not be theirs, count against its rate limit.
    """

    def register(writer: Writer) -> Writer:
        WRITERS[kind], NAMES[kind] = writer, name
        if anybody_may_ask:
            FOR_ANYBODY.add(kind)
        return writer

    return register


@contextmanager
def batch() -> Iterator[None]:
    """Let the messages that are written within this block share what `once` reads."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(key: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` returns or, within a batch, what it returned for the same key a moment ago."""
    kept, now = _kept.get(), time.monotonic()
    if kept is None:
        return read()
    if key not in kept or now - kept[key][0] > KEPT_FOR:
        kept[key] = now, read()
    found: T = kept[key][1]
    return found
