"""A real IMAP server (pymap) on loopback, behind TLS, as on port 993."""

import asyncio
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.certificates import server_context
from tests.checkouts import free_port

USER, PASSWORD = "bounces", "hunter2/@:"


async def copy(reader, writer):
    """Copy everything that arrives from one connection to another."""
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def tunnel(target, port, context, stop):
    """Accept TLS at `port` and forward it to the port `target` in both directions, until `stop` is set."""

    async def passage(reader, writer):
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))

    async with await asyncio.start_server(passage, "127.0.0.1", port, ssl=context):
        await asyncio.to_thread(stop.wait)


@contextmanager
def imap_server(certificate):
    """Run the server. Yield the value for BOUNCES_URL."""
    inner, port, stop = free_port(), free_port(), threading.Event()
    command = Path(sys.executable).with_name("pymap")
    options = ["--host", "127.0.0.1", "--port", str(inner), "--no-tls", "--no-service", "admin"]
    account = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen([command, *options, *account], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    job = tunnel(inner, port, server_context(certificate), stop)
    thread = threading.Thread(target=asyncio.run, args=(job,), daemon=True)
    thread.start()
    try:
        wait_for(inner)
        wait_for(port)
        yield f"imaps://{USER}:hunter2%2F%40%3A@127.0.0.1:{port}/INBOX"
    finally:
        stop.set()
        thread.join()
        process.terminate()
        process.wait()


def wait_for(port):
    """Wait until a server listens on the port. Raises TimeoutError after ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError
