"""The length of an organiser's session: up to 12 hours, as long as they keep working."""

import time
from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

MAX_AGE = timedelta(hours=12)
EXTEND_EVERY = timedelta(minutes=1)
BEGUN, EXTENDED = "session_begun_at", "session_extended_at"


def is_too_old(session: SessionBase) -> bool:
    """Return whether a session began more than 12 hours ago, however active the organiser has been since."""
    return _seconds_since(session.get(BEGUN)) > MAX_AGE.total_seconds()


def is_work(request: HttpRequest) -> bool:
    """Return whether a request shows that somebody is working. Requests that scripts send by themselves don't."""
    sent_by = request.headers.get("X-Requested-With")
    return sent_by != "timer" and (request.method not in ("GET", "HEAD") or sent_by != "fetch")


def extend(session: SessionBase) -> None:
    """Restart a session's 30 minutes by changing the session, at most once a minute."""
    now = time.time()
    session.setdefault(BEGUN, now)
    if _seconds_since(session.get(EXTENDED, 0)) >= EXTEND_EVERY.total_seconds():
        session[EXTENDED] = now


def _seconds_since(moment: float | None) -> float:
    return time.time() - moment if moment is not None else 0
