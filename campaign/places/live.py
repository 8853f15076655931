"""Asking postcodes.io for a postcode that our own table lacks. Off unless LIVE_LOOKUPS is set.

See https://postcodes.io/docs/postcode/lookup/: `result.codes` holds the codes of areas. One question at a time, three
seconds at most, and none at all while the service asks us to wait. Answers are kept for a month under a keyed hash;
the postcode is in no log of ours.
"""

import http.client
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from campaign.places import lookup, postcodes
from campaign.places.models import Constituency
from campaign.privacy import crypto

log = logging.getLogger(__name__)
SECONDS = 3.0
LARGEST = 64 * 1024
MONTH = 30 * 24 * 60 * 60
LONGEST_PAUSE = 24 * 60 * 60
PAUSE = 60
LOCK = 651  # any number of our own
PAUSED = "places.live.paused"
CODES = ("parliamentary_constituency_2024", "parliamentary_constituency")


def find(text: str) -> lookup.Found | None:
    """What our own table says of a postcode or else, where that is allowed, what postcodes.io says.

    None when neither knows it, or when the service does not answer in time. Raises ValueError for what is no postcode.
    """
    found = lookup.find(text)
    if found is not None or not settings.LIVE_LOOKUPS:
        return found
    postcode = postcodes.normalise(text)
    constituency = Constituency.objects.filter(pk=_code(postcode)).first()
    return lookup.Found(postcode, constituency, terminated=False) if constituency else None


def _code(postcode: str) -> str:
    """The code of its constituency, from what is kept or from the service; "" when there is no answer."""
    key = f"places.live.{crypto.keyed_hash(postcode, 'places.live').hex()}"
    known = cache.get(key)
    if known is not None:
        return known
    with _alone() as may_ask:
        if not may_ask or cache.get(PAUSED):
            return ""
        code = _ask(postcode)
    if code is not None:
        cache.set(key, code, MONTH)
    return code or ""


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


def _ask(postcode: str) -> str | None:
    """The code that the service gives, "" when it knows none, None when it does not answer."""
    base = urlsplit(settings.POSTCODES_IO)
    secure = base.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    link = kind(base.netloc, timeout=SECONDS)
    try:
        link.request("GET", f"{base.path}/postcodes/{quote(postcode)}", headers={"Accept": "application/json"})
        response = link.getresponse()
        if response.status in (429, 503):
            _pause(response.headers.get("Retry-After", ""))
        if response.status not in (200, 404):
            return None
        return _read(_body(response)) if response.status == 200 else ""
    except (OSError, http.client.HTTPException, ValueError) as error:
        log.warning("postcodes.io did not answer: %s", type(error).__name__)
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


def _read(body: bytes) -> str:
    found: Any = json.loads(body)
    codes = found["result"]["codes"] if isinstance(found, dict) and isinstance(found.get("result"), dict) else {}
    return next((codes[name] for name in CODES if isinstance(codes.get(name), str)), "")


def _pause(retry_after: str) -> None:
    seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else PAUSE
    cache.set(PAUSED, True, min(seconds, LONGEST_PAUSE))
