"""A public service, in the shape of a server of our own on this machine."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service(ThreadingHTTPServer):
    """Answers every request with `status`, `body` and `headers` after `delay` seconds, and remembers the paths."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.body, self.headers, self.delay, self.asked = 200, b"", {}, 0, []


class Handler(BaseHTTPRequestHandler):
    """Answers as its server says."""

    def do_GET(self):
        self.server.asked.append(self.path)
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def serving():
    """A Service that runs, and its address."""
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
