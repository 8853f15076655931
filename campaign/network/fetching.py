"""GET requests to other servers, with limits on time and size."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar
from urllib.parse import urlsplit

MAX_BYTES = 256 * 1024
BLOCK = 8 * 1024
AGENT = "campaign-hub"
T = TypeVar("T")


class FetchError(Exception):
    """The server sent no complete response. The message contains no part of the address."""


@dataclass(frozen=True)
class Answer:
    """A server's response: the status (0 if there was none), the Retry-After header, and the body."""

    status: int = 0
    retry_after: str = ""
    body: bytes = b""


def fetch(address: str, seconds: float, agent: str = AGENT, max_bytes: int = MAX_BYTES) -> Answer:
    """Return the server's response without following redirects. Raises FetchError."""
    url = urlsplit(address)
    kind = HTTPConnection if url.scheme == "http" else HTTPSConnection
    wire = kind(url.hostname or "", url.port, timeout=seconds)
    target = url.path + (f"?{url.query}" if url.query else "")
    headers = {"Accept": "application/json", "User-Agent": agent}

    def read(deadline: float) -> Answer:
        wire.request("GET", target, headers=headers)
        return _answer(wire, deadline, max_bytes)

    return within(seconds, wire, read)


def within(seconds: float, wire: HTTPConnection, read: Callable[[float], T]) -> T:
    """Call `read` with a deadline on the monotonic clock, and return its result. Raises FetchError.

    The socket's timeout limits each step; the thread limits all the steps together, including the DNS look-up. The
    cause of the FetchError is the exception that `read` raised.
    """
    answers: SimpleQueue[T | Exception] = SimpleQueue()
    Thread(target=_put, args=(answers, wire, read, time.monotonic() + seconds), daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        _hang_up(wire)
        raise FetchError("no answer in time") from None
    if isinstance(answer, Exception):
        raise FetchError(type(answer).__name__) from answer
    return answer


def _put(
    answers: SimpleQueue[T | Exception], wire: HTTPConnection, read: Callable[[float], T], deadline: float
) -> None:
    try:
        answers.put(read(deadline))
    except Exception as error:  # noqa: BLE001 - the waiting thread raises the error
        answers.put(error)
    finally:
        wire.close()


def _answer(wire: HTTPConnection, deadline: float, max_bytes: int) -> Answer:
    """Return the response. Raises OSError or HTTPException, or ValueError if it is too slow, too long or cut short."""
    with wire.getresponse() as response:
        body = b""
        while block := response.read1(BLOCK):
            body += block
            if len(body) > max_bytes or time.monotonic() > deadline:
                raise ValueError("too long")
        if response.length:
            raise ValueError("cut short")
        return Answer(response.status, response.headers.get("Retry-After", ""), body)


def seconds_to_wait(retry_after: str, default: int) -> int:
    """Return the seconds that Retry-After asks for, as a number or as a date (RFC 9110, 10.2.3): 1 or more."""
    text = retry_after.strip()
    try:
        seconds = int(text) if text.isdecimal() else _until(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError):
        return default
    return max(seconds, 1)


def _until(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int((aware - datetime.now(UTC)).total_seconds())


def _hang_up(wire: HTTPConnection) -> None:
    """Shut down the connection, which ends the thread that is reading from it."""
    if wire.sock:
        with suppress(OSError):
            wire.sock.shutdown(socket.SHUT_RDWR)
