"""Helpers that send raw bytes to a web server and read its responses."""

import re
import socket
import time
from contextlib import suppress

QUIET = 0.4  # seconds without a byte, after which we close our side of the connection
PATIENCE = 40.0  # seconds: more than gunicorn's MAX_SILENCE, on a busy machine
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def connect(place):
    """Connect to a port on this machine, or to a Unix socket."""
    if isinstance(place, int):
        return socket.create_connection(("127.0.0.1", place), timeout=QUIET)
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(QUIET)
    client.connect(str(place))
    return client


def send(place, data):
    """Send the bytes; return everything the server sends before it hangs up. Raises TimeoutError if it doesn't."""
    with connect(place) as client:
        unsent = memoryview(data)
        with suppress(OSError):  # a server may refuse a request before reading all of it
            while unsent:
                unsent = unsent[client.send(unsent) :]
        return read(client)


def read(client):
    answer, deadline = b"", time.monotonic() + PATIENCE
    while block := receive(client, deadline):
        answer += block
    return answer


def receive(client, deadline):
    """Return the next bytes, or b"" if the server has hung up. If it stays silent, close our side."""
    while True:
        try:
            return client.recv(65536)
        except TimeoutError:
            if time.monotonic() > deadline:
                raise
            with suppress(OSError):
                client.shutdown(socket.SHUT_WR)
        except OSError:
            return b""


def statuses(answer):
    """Return the status of each response in these bytes. A response in HTTP/0.9 has none."""
    return [int(status) for status in STATUS.findall(answer)]
