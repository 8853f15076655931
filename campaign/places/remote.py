"""Asking a public service for what our own tables lack: off unless LIVE_LOOKUPS is set.

One question at a time over all processes, three seconds at most, and none at all while the service asks us to wait
(Retry-After, RFC 9110, 10.2.3). Answers are kept for a month under a keyed hash; what is asked is in no log of ours.
"""

import http.client
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import connection

from campaign.privacy import crypto

log = logging.getLogger(__name__)
SECONDS = 3.0
LARGEST = 256 * 1024
MONTH = 30 * 24 * 60 * 60
LONGEST_PAUSE = 24 * 60 * 60
PAUSE = 60
LOCK = 651  # any number of our own


def ask(base: str, path: str, read: Callable[[Any], str]) -> str:
    """What `read` finds in the JSON at this path of a service, from what is kept or from the service itself.

    "" when the service knows nothing of it (404), when it does not answer in time, and while it asks us to wait.
    `read` may raise LookupError or TypeError for an answer of another shape.
    """
    key = f"places.remote.{crypto.keyed_hash(base + path, 'places.remote').hex()}"
    known = cache.get(key)
    if known is not None:
        return known
    with _alone() as may_ask:
        if not may_ask or cache.get(_paused(base)):
            return ""
        found = _fetch(base, path, read)
    if found is not None:
        cache.set(key, found, MONTH)
    return found or ""


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else is asking just now, over all processes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        got_it = cursor.fetchone()[0]
        try:
            yield got_it
        finally:
            if got_it:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _fetch(base: str, path: str, read: Callable[[Any], str]) -> str | None:
    """What is read in the answer, "" for 404, None when there is no answer that can be read."""
    parts = urlsplit(base)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    link = kind(parts.netloc, timeout=SECONDS)
    try:
        link.request("GET", parts.path + path, headers={"Accept": "application/json"})
        response = link.getresponse()
        if response.status in (429, 503):
            _pause(base, response.headers.get("Retry-After", ""))
        if response.status == 404:
            return ""
        return read(json.loads(_body(response))) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
        log.warning("%s gave no answer: %s", parts.hostname, type(error).__name__)
        return None
    finally:
        link.close()


def _body(response: http.client.HTTPResponse) -> bytes:
    """The body. Raises TimeoutError when it takes longer than we wait, ValueError when it is too long."""
    end, body = time.monotonic() + SECONDS, b""
    while part := response.read1(8192):
        body += part
        if time.monotonic() > end:
            raise TimeoutError
        if len(body) > LARGEST:
            raise ValueError("too long")
    return body


def _paused(base: str) -> str:
    return f"places.remote.paused.{urlsplit(base).netloc}"


def _pause(base: str, retry_after: str) -> None:
    seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else PAUSE
    cache.set(_paused(base), True, min(seconds, LONGEST_PAUSE))
