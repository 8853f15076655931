"""A real mail server on loopback."""

import logging
from contextlib import contextmanager

from aiosmtpd.controller import Controller

from tests.checkouts import free_port


@contextmanager
def mail_server(handler, port=None, **options):
    """Run a mail server that passes messages to `handler` (of aiosmtpd), whose `url` is then a value for EMAIL_URL."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # otherwise a line for each command
    server = Controller(handler, hostname="127.0.0.1", port=port or free_port(), **options)
    server.start()
    handler.port = server.port
    handler.url = f"smtp://127.0.0.1:{server.port}"
    try:
        yield handler
    finally:
        server.stop()
