"""What the messages of a batch have in common, such as the site's name: read once instead of for each message."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

# In seconds. What changes in this time counts as changed just after the message was written.
KEPT_FOR = 1.0
Kept = dict[Hashable, tuple[float, Any]]
T = TypeVar("T")
_kept: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextmanager
def batch() -> Iterator[None]:
    """Let the messages that are written within this block share what `once` reads."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(key: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` returns, or what it returned under this key for a message of the same batch a moment ago."""
    kept, now = _kept.get(), time.monotonic()
    if kept is None:
        return read()
    if key not in kept or now - kept[key][0] > KEPT_FOR:
        kept[key] = now, read()
    found: T = kept[key][1]
    return found
