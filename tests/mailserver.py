"""A real mail server on loopback."""

import logging
from contextlib import contextmanager

from aiosmtpd.controller import Controller

from tests.checkouts import free_port


@contextmanager
def mail_server(handler, **options):
    """Have `handler` (of aiosmtpd) given what is sent meanwhile; its `url` is what EMAIL_URL takes."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # a line for each word said
    server = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    server.start()
    handler.port = server.port
    handler.url = f"smtp://127.0.0.1:{server.port}"
    try:
        yield handler
    finally:
        server.stop()
