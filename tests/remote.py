"""A local server that stands in for a public service."""

import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers import running


class Service(ThreadingHTTPServer):
    """A server that responds with `status`, `body` and `headers` after `delay` seconds, and records the paths."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.body, self.headers, self.delay, self.paths = 200, b"", {}, 0, []


class Handler(BaseHTTPRequestHandler):
    """A handler that responds as its server specifies."""

    def do_GET(self):
        self.server.paths.append(self.path)
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *arguments):
        """Log nothing."""


@contextmanager
def serving():
    """Run a Service; yield it and its URL."""
    with running(Service()) as server:
        yield server, f"http://127.0.0.1:{server.server_port}"
