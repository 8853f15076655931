"""Checking links to other sites, a few at a time and slowly enough not to trouble anybody."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from campaign.links.addresses import is_external
from campaign.links.models import MAX_URL, CheckedLink, Outcome
from campaign.links.places import places
from campaign.links.probing import Found, probe

AGAIN_AFTER = timedelta(days=7)
MAX_LINKS = 2000
MAX_FOR_A_RUN = 300
MAX_FOR_A_HOST = 20
SECONDS_BETWEEN = 10  # between two requests to one host: six a minute at most


def note_links() -> int:
    """Store every address on another site that a row links to, and delete all others; return the number stored."""
    wanted = {place.address for place in places() if is_external(place.address) and len(place.address) <= MAX_URL}
    wanted = set(sorted(wanted)[:MAX_LINKS])
    CheckedLink.objects.exclude(url__in=wanted).delete()
    CheckedLink.objects.bulk_create([CheckedLink(url=url) for url in wanted], ignore_conflicts=True)
    return len(wanted)


def check_due(now: datetime, look: Callable[[str], Found] = probe, wait: Callable[[float], None] = time.sleep) -> int:
    """Check the links that are due at `now` (aware), and return their number. An error in one doesn't stop the rest."""
    today = timezone.localdate(now)
    last, asked, checked = dict[str, float](), Counter[str](), 0
    for link in CheckedLink.objects.due(today, now - AGAIN_AFTER)[:MAX_LINKS]:
        if checked == MAX_FOR_A_RUN:
            break
        asked[link.host] += 1
        if asked[link.host] > MAX_FOR_A_HOST:  # the rest wait until tomorrow
            continue
        if link.host in last:
            wait(max(0.0, last[link.host] + SECONDS_BETWEEN - time.monotonic()))
        link.note(*_looked_at(link.url, look), timezone.now(), today)
        last[link.host] = time.monotonic()
        checked += 1
    return checked


def _looked_at(url: str, look: Callable[[str], Found]) -> Found:
    try:
        return look(url)
    except Exception:  # noqa: BLE001 - one strange address must not stop the rest
        return Outcome.NO_ANSWER, None
