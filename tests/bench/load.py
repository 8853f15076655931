"""A server, and the load on it: keep-alive connections that send one request after another."""

import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection

from tests.checkouts import free_port, wait_until

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """Result of a load: requests a second, server CPU per request in ms, statuses seen, sorted latencies in ms."""

    rate: float
    cpu_ms: float
    statuses: set
    latencies: list

    def percentile(self, share):
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def database_url():
    """Return the URL of this test run's database."""
    start, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    return f"{start}/{connection.settings_dict['NAME']}"


@contextmanager
def serving(application, **environment):
    """Run gunicorn with our configuration on a free port; yield the port and the process ID."""
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "gunicorn", application, "--config", "python:campaign.gunicorn"]
        + ["--bind", f"127.0.0.1:{port}", "--preload", "--max-requests", "0"],
        env=os.environ | {"DATABASE_URL": database_url(), "SITE_URL": f"http://127.0.0.1:{port}"} | environment,
        stdout=subprocess.DEVNULL,
        stderr=None,
    )
    try:
        wait_until(lambda: is_listening(port))
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def is_listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def request(port, path, body=b"", **headers):
    """Return one HTTP/1.1 request as bytes: GET without a body, POST with one."""
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def load(served, requests, connections=8, warm=50):
    """Send the requests over several connections, the first `warm` of them unmeasured; return a Load."""
    port, pid = served
    requests = iter(requests)
    send(port, list(islice(requests, warm)), [], set())
    shares = [[] for _ in range(connections)]
    for index, one in enumerate(requests):
        shares[index % connections].append(one)
    latencies, statuses = [], set()
    threads = [threading.Thread(target=send, args=(port, share, latencies, statuses)) for share in shares]
    began, cpu = time.perf_counter(), cpu_seconds(pid)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, count = time.perf_counter() - began, sum(map(len, shares))
    return Load(count / seconds, (cpu_seconds(pid) - cpu) / count * 1000, statuses, sorted(latencies))


class Pace:
    """A rate shared by several threads. Requests that could not be sent within their second are skipped."""

    def __init__(self, a_second, seconds):
        self.step, self.began, self.end = 1 / a_second, time.monotonic(), time.monotonic() + seconds
        self.turn, self.lock = 0, threading.Lock()

    def __iter__(self):
        while (now := time.monotonic()) < self.end:
            with self.lock:
                self.turn = max(self.turn + 1, int((now - self.began - 1) / self.step))
                number = self.turn
            time.sleep(max(0.0, self.began + number * self.step - now))
            yield number


def latencies_at(served, a_second, requests, connections=8):
    """Send a list of requests at a steady rate; return how long each took in ms from when it was due, sorted."""
    pace, latencies = Pace(a_second, len(requests) / a_second), []

    def send_when_due():
        with socket.create_connection(("127.0.0.1", served[0])) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number in pace:
                sock.sendall(requests[number % len(requests)])
                assert read_response(sock) < 400
                latencies.append((time.monotonic() - pace.began - number * pace.step) * 1000)

    with ThreadPoolExecutor(connections) as pool:
        for sending in [pool.submit(send_when_due) for _ in range(connections)]:
            sending.result()
    return sorted(latencies)


def send(port, requests, latencies, statuses):
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in requests:
            began = time.perf_counter()
            sock.sendall(one)
            statuses.add(read_response(sock))
            latencies.append((time.perf_counter() - began) * 1000)


def read_response(sock):
    """Read one response that has a Content-Length; return its status."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += receive(sock)
    head, _gap, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    missing = length - len(body)
    while missing > 0:
        missing -= len(receive(sock))
    return int(head.split(b" ")[1])


def receive(sock):
    """Return the next bytes. Raises ConnectionError when the server has hung up."""
    part = sock.recv(65536)
    if not part:
        raise ConnectionError("The server hung up.")
    return part


def cpu_seconds(pid):
    """Return the processor time, in seconds, that a server and its workers have used."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if str(pid) in (entry.parent.name, fields[1]):
            total += int(fields[11]) + int(fields[12])
    return total / TICKS
