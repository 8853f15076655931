"""Looking up what our own tables lack at a public service, if LIVE_LOOKUPS is set.

All processes together send one request at a time, for at most three seconds. They send none while the service asks us
to wait (Retry-After, RFC 9110, 10.2.3), or for a minute after it failed. Results are kept for a month under a keyed
hash, and the fact that there is none for a day. What was asked is never logged.
"""

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction

from campaign.db import Lock, try_lock
from campaign.monitoring.log_lines import Safe
from campaign.network.fetching import Answer, FetchError, fetch, seconds_to_wait
from campaign.privacy import crypto

log = logging.getLogger(__name__)
SECONDS = 3.0
DAY = 24 * 60 * 60
MONTH = 30 * DAY
MAX_PAUSE = DAY
PAUSE = 60
# The errors that a reader raises for text that isn't JSON, or for unexpected JSON.
UNEXPECTED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def ask(base: str, path: str, read: Callable[[Any], str]) -> str:
    """Return what `read` finds in the JSON at this path of a service, from the cache or from the service itself.

    Return "" if the service knows nothing about it (404), if it doesn't respond in time, or during a pause. `read` may
    raise any of UNEXPECTED for a response of another shape.
    """
    key = f"places.remote.{crypto.keyed_hash(base + path, 'places.remote').hex()}"
    cached = cache.get(key)
    if cached is not None:
        return cached
    with transaction.atomic():
        if not try_lock(Lock.LIVE_LOOKUP) or cache.get(_paused(base)):
            return ""
        found = _answer(base, path, read)
    if found is not None:
        cache.set(key, found, MONTH if found else DAY)
    return found or ""


def _answer(base: str, path: str, read: Callable[[Any], str]) -> str | None:
    """Return what `read` finds in the response, "" for 404, or None if unreadable. Requests then pause."""
    answer = Answer()
    try:
        answer = fetch(base + path, SECONDS)
        if answer.status == 404:
            return ""
        if answer.status == 200:
            return read(json.loads(answer.body))
        reason = str(answer.status)
    except (FetchError, *UNEXPECTED) as error:
        reason = type(error).__name__
    seconds = min(seconds_to_wait(answer.retry_after, PAUSE), MAX_PAUSE)
    log.warning(
        "%s gave no usable answer (%s): not asking it for %d seconds",
        Safe(urlsplit(base).hostname),
        Safe(reason),
        seconds,
    )
    cache.set(_paused(base), True, seconds)
    return None


def _paused(base: str) -> str:
    return f"places.remote.paused.{urlsplit(base).netloc}"
