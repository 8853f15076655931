"""Requests to a public service that may take its time: asked again after a failure, and never sooner than it asks."""

import time
from urllib.parse import urlsplit

from django.conf import settings

from campaign.network.fetching import FetchError, fetch, seconds_to_wait

SECONDS = 30.0
MAX_BYTES = 8 * 1024**2
TRIES = 3
WAIT = 10
MAX_WAIT = 5 * 60
# Too many requests, and the errors of a server that may soon be over (RFC 6585, 4; RFC 9110, 15.6).
TEMPORARY = (429, 500, 502, 503, 504)


class BusyError(FetchError):
    """There is no answer now, but there may be one in `wait` seconds. The message is a reason in a sentence."""

    def __init__(self, reason: str, wait: int) -> None:
        super().__init__(reason)
        self.wait = wait


def agent() -> str:
    """Return the User-Agent header, which says honestly who we are and what for."""
    return f"campaign-hub data update (+{settings.SITE_URL})"


def ask(address: str) -> bytes:
    """Return the body of a 200 response. Raises FetchError, with a reason in a sentence, after three tries."""
    for _number in range(TRIES - 1):
        try:
            return _ask(address)
        except BusyError as error:
            if error.wait > MAX_WAIT:
                raise
            time.sleep(error.wait)
    return _ask(address)


def _ask(address: str) -> bytes:
    """Return the body of a 200 response. Raises FetchError or, if it is worth trying again, BusyError."""
    host = urlsplit(address).hostname
    try:
        answer = fetch(address, SECONDS, agent(), MAX_BYTES)
    except FetchError as error:
        raise BusyError(f"{host} gave no complete answer in time.", WAIT) from error
    if answer.status == 200:
        return answer.body
    reason = f"{host} answered with the error {answer.status}."
    if answer.status not in TEMPORARY:
        raise FetchError(reason)
    wait = seconds_to_wait(answer.retry_after, WAIT)
    if wait > MAX_WAIT:
        reason = f"{host} asks us to wait for {wait // 60} minutes. Try again later."
    raise BusyError(reason, wait)
