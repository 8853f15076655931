"""A small mail server that only counts: `python -m tests.mailsink PORT FILE` writes each recipient to FILE.

aiosmtpd would limit a benchmark to about 700 messages a second. A message counts as soon as its last byte has arrived,
before the server answers, because that is when a real server would accept responsibility for it.
"""

import asyncio
import signal
import subprocess
import sys
from contextlib import contextmanager

from tests.bench.load import is_listening
from tests.checkouts import free_port, wait_until

END = b"\r\n.\r\n"


class Session(asyncio.Protocol):
    """One SMTP connection."""

    def __init__(self, file):
        self.file, self.buffer, self.to, self.in_data = file, b"", b"", False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data):
        self.buffer += data
        while self.take():
            pass

    def take(self):
        """Deal with one command or message from the buffer. Return whether there was a complete one."""
        what, end, rest = self.buffer.partition(END if self.in_data else b"\r\n")
        if not end:
            return False
        self.buffer = rest
        self.transport.write(self.receive() if self.in_data else self.obey(what))
        return True

    def receive(self):
        self.in_data = False
        self.file.write(self.to + b"\n")
        self.file.flush()
        return b"250 OK\r\n"

    def obey(self, command):
        verb = command[:4].upper()
        if verb == b"RCPT":
            self.to = command[command.index(b"<") + 1 : command.index(b">")]
        elif verb == b"DATA":
            self.in_data = True
            return b"354 go on\r\n"
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n"


async def serve(port, path):
    with open(path, "ab") as file:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Session(file), "127.0.0.1", port, backlog=100)
        ended = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, ended.set)
        await ended.wait()
        server.close()


class Sink:
    """A sink that is running."""

    def __init__(self, file):
        self.port, self.file = free_port(), file
        self.url = f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self):
        """Return the recipient of each message so far, in the order in which the messages arrived."""
        return self.file.read_text().split() if self.file.exists() else []


@contextmanager
def mail_sink(file):
    """Run a sink in another process, so that it doesn't compete with the test's threads."""
    sink = Sink(file)
    process = subprocess.Popen([sys.executable, "-m", "tests.mailsink", str(sink.port), str(file)])  # noqa: S603
    try:
        wait_until(lambda: is_listening(sink.port))
        yield sink
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
