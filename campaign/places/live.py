"""Asking postcodes.io where a postcode is that our own tables do not have; only if LIVE_LOOKUPS is on.

It learns the postcode and nothing else of whoever typed it. Its answers: https://postcodes.io/docs/postcode/lookup/
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from campaign.places import postcodes
from campaign.places.fetching import Answer, FetchError, fetch
from campaign.places.lookup import Found
from campaign.places.models import Constituency
from campaign.privacy.crypto import keyed_hash

logger = logging.getLogger(__name__)

DAY = 24 * 60 * 60
KEEP_FOUND, KEEP_NOT_FOUND = 30 * DAY, DAY
PAUSE, LONGEST_PAUSE = 60, DAY
PAUSED = "postcodes.io:paused"
LOCK = 651  # any number of our own but that of imports
UNKNOWN = ""
NO_CONSTITUENCY = "99999999"  # what the codes of the Channel Islands and the Isle of Man end in
FIELDS = ("parliamentary_constituency_2024", "parliamentary_constituency")


def find(text: str) -> Found | None:
    """What postcodes.io knows of a postcode in use; None when it does not know, may not be asked now, or fails.

    It takes 3 seconds at most, and asks one thing at a time. Raises ValueError for what is no postcode.
    """
    postcode = postcodes.normalise(text)
    if not settings.LIVE_LOOKUPS:
        return None
    key = f"postcodes.io:{keyed_hash(postcode, 'postcode').hex()}"
    code = cache.get(key)
    if code is None and not cache.get(PAUSED):
        with _alone() as is_alone:
            code = _ask(postcode) if is_alone else None
        if code is not None:
            cache.set(key, code, KEEP_NOT_FOUND if code == UNKNOWN else KEEP_FOUND)
    return _found(postcode, code or UNKNOWN)


def _found(postcode: str, code: str) -> Found | None:
    """What a code says to us: one that is not in our list, such as one of 2010, says nothing."""
    if code.endswith(NO_CONSTITUENCY):
        return Found(postcode, None, terminated=False)
    constituency = Constituency.objects.filter(pk=code).first() if code != UNKNOWN else None
    return Found(postcode, constituency, terminated=False) if constituency else None


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process asks within it; nobody waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_alone = cursor.fetchone()[0]
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _ask(postcode: str) -> str | None:
    """The code that postcodes.io has for it, UNKNOWN if it has none, None if we got no answer, and must pause."""
    base = urlsplit(settings.POSTCODES_IO_BASE)
    try:
        answer = fetch(base._replace(path=f"{base.path}/postcodes/{quote(postcode)}"))
        if answer.status == 404:
            return UNKNOWN
        if answer.status == 200:
            return _code(json.loads(answer.body), postcode)
        reason = f"status {answer.status}"
    except (FetchError, ValueError, RecursionError) as error:
        answer, reason = Answer(), type(error).__name__
    seconds = _pause(answer)
    logger.warning("postcodes.io gave no answer (%s): not asked again for %d seconds", reason, seconds)
    cache.set(PAUSED, True, seconds)
    return None


def _code(answer: Any, postcode: str) -> str:
    """The code of the constituency. Raises ValueError for an answer that is none, or to another question."""
    try:
        result = answer["result"]
        codes = [result["codes"].get(field) or UNKNOWN for field in FIELDS]
        is_ours = postcodes.normalise(result["postcode"]) == postcode
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not the answer that is documented") from error
    if not is_ours or not all(isinstance(code, str) for code in codes):
        raise ValueError("an answer to another question")
    return codes[0] or codes[1]


def _pause(answer: Answer) -> int:
    """The seconds to leave it alone, as Retry-After asks: seconds or a date (RFC 9110, section 10.2.3)."""
    text = answer.retry_after.strip()
    try:
        seconds = int(text) if text.isdecimal() else _until(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError):
        return PAUSE
    return min(max(seconds, 1), LONGEST_PAUSE)


def _until(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int((aware - datetime.now(UTC)).total_seconds())
