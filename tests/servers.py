"""Local servers that run in a thread while a test needs them."""

import threading
from contextlib import contextmanager


@contextmanager
def running(server):
    """Run a `socketserver` server in a thread; afterwards, stop it at once and close it.

    The standard library checks only every half second whether to stop a server. Hundreds of tests would wait that long.
    """
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
