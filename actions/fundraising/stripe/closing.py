"""Closing the payment pages that are still open at Stripe once organisers have stopped donations."""

import time

from actions.fundraising.models import Donation
from actions.fundraising.stripe import client

MAX_SESSIONS = 500
MAX_SECONDS = 20  # An organiser is waiting for the answer.


def close_payment_pages(*, seconds: float = MAX_SECONDS) -> tuple[int, int]:
    """Expire the payment pages of stopped donations; return how many were closed, and how many may still be open.

    A failure never stops the rest. Pages still open after `seconds` wait for the next call, which the nightly
    comparison makes. Stripe's events then report which pages were closed, and which had already been paid.
    """
    deadline = time.monotonic() + seconds
    session_ids = list(Donation.objects.open_but_stopped().values_list("session_id", flat=True)[:MAX_SESSIONS])
    closed = sum(_close(session_id) for session_id in session_ids if time.monotonic() < deadline)
    return closed, len(session_ids) - closed


def _close(session_id: str) -> bool:
    try:
        client.expire_session(session_id)
    except client.NoAnswerError:
        return False
    return True
