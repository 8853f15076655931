"""A GET request to another server, limited in time and in size."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar
from urllib.parse import urlsplit

MAX_BYTES = 256 * 1024
BLOCK = 8 * 1024
T = TypeVar("T")


class FetchError(Exception):
    """No complete answer came. The message contains no part of the address."""


@dataclass(frozen=True)
class Answer:
    """What a server answered: the status (0 if it didn't answer), the Retry-After header, and the body."""

    status: int = 0
    retry_after: str = ""
    body: bytes = b""


def fetch(address: str, seconds: float) -> Answer:
    """Return the server's answer, which may be a redirect: it is not followed. Raises FetchError."""
    url = urlsplit(address)
    kind = HTTPConnection if url.scheme == "http" else HTTPSConnection
    wire = kind(url.hostname or "", url.port, timeout=seconds)
    target = url.path + (f"?{url.query}" if url.query else "")
    return within(seconds, wire, lambda deadline: _get(wire, target, deadline))


def within(seconds: float, wire: HTTPConnection, read: Callable[[float], T]) -> T:
    """Return the result of `read`, which gets the deadline by the monotonic clock. Raises FetchError.

    The socket's timeout limits each step; the thread limits all of them together, including the DNS look-up. The cause
    of the FetchError is what `read` raised.
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
    except Exception as error:  # noqa: BLE001 - the thread that waits for it raises it
        answers.put(error)
    finally:
        wire.close()


def _get(wire: HTTPConnection, path: str, deadline: float) -> Answer:
    """Read the answer. Raises OSError, HTTPException, or ValueError if it is too slow, too long or cut short."""
    wire.request("GET", path, headers={"Accept": "application/json", "User-Agent": "campaign-hub"})
    with wire.getresponse() as response:
        body = b""
        while block := response.read1(BLOCK):
            body += block
            if len(body) > MAX_BYTES or time.monotonic() > deadline:
                raise ValueError("too long")
        if response.length:
            raise ValueError("cut short")
        return Answer(response.status, response.headers.get("Retry-After", ""), body)


def _hang_up(wire: HTTPConnection) -> None:
    """Wake and end the thread that is reading from this connection."""
    if wire.sock:
        with suppress(OSError):
            wire.sock.shutdown(socket.SHUT_RDWR)
