"""Two hundred slow connections, and requests of 10 MB, while other people sign and read."""

import socket
import threading
from collections import Counter
from contextlib import ExitStack, suppress

from tests.front import front
from tests.prove.faults import FAULT, PAGES
from tests.traffic import Traffic

SLOW = 200
BETWEEN_BYTES = 3  # seconds: before nginx times out
BETWEEN_BODIES = 0.2
LARGE = 10 * 1024**2
UNREAD = {"hung up"}  # nginx closed the connection during the upload, and the response was lost
pytestmark = FAULT


def head(path, *lines):
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Sec-Fetch-Site: same-origin", *lines]).encode()


def beginnings(path):
    """Return the starts of three slow requests, which stop in a header, in a body and in a chunked body."""
    form = "Content-Type: application/x-www-form-urlencoded"
    return [
        head(path, "X-Slow: "),
        head(path, form, "Content-Length: 100000", "", "name="),
        head(path, form, "Transfer-Encoding: chunked", "", "FFFF", "name="),
    ]


def begin(port, beginning):
    """Connect, and send the start of a request; return the socket."""
    one = socket.create_connection(("127.0.0.1", port), timeout=60)
    one.sendall(beginning)
    return one


def trickle(port, begun, sockets, over):
    """Keep sending a byte on each socket. If nginx closes one, connect again."""
    while not over.wait(BETWEEN_BYTES):
        for number, one in enumerate(sockets):
            try:
                one.send(b"x")
            except OSError:
                one.close()
                sockets[number] = begin(port, begun[number % len(begun)])


def send_large(port, path, over, statuses):
    """Send large bodies, alternately with a Content-Length and in chunks."""
    number = 0
    while not over.wait(BETWEEN_BODIES):
        number += 1
        length = f"Content-Length: {LARGE}" if number % 2 else "Transfer-Encoding: chunked"
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client, suppress(OSError):
            client.sendall(head(path, length, "", "" if number % 2 else f"{LARGE:x}\r\n"))
            with suppress(OSError):
                client.sendall(b"x" * LARGE)
            answer = client.recv(65536)
            statuses[int(answer.split()[1]) if answer else "hung up"] += 1


def test_slow_and_large_requests_keep_nobody_else_from_signing(path, tmp_path, record_property):
    over, statuses = threading.Event(), Counter()
    with front(tmp_path, "http") as site, ExitStack() as stack:
        begun = beginnings(path)
        sockets = [begin(site.port, begun[number % len(begun)]) for number in range(SLOW)]
        stack.callback(lambda: [one.close() for one in sockets])
        threads = [threading.Thread(target=trickle, args=(site.port, begun, sockets, over))]
        threads += [threading.Thread(target=send_large, args=(site.port, path, over, statuses)) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            with Traffic(site.port, path, PAGES) as traffic:
                traffic.go_on(500)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        held = [one for one in sockets if is_open(one)]

    record_property("summary", f"{traffic}; {len(held)} slow sockets; large bodies: {dict(statuses)}")
    assert (set(traffic.signing), set(traffic.reading)) == ({302}, {200})
    assert traffic.lost() == set()
    assert len(held) > SLOW / 2  # nginx has just closed the others, which are about to reconnect
    assert 413 in statuses
    assert set(statuses) <= {413} | UNREAD


def is_open(one):
    """Return whether the server has kept this connection open."""
    one.setblocking(False)
    try:
        return bool(one.recv(1))
    except BlockingIOError:
        return True
    except OSError:
        return False
