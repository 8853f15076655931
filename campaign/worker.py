"""The loop of a background worker: do a little work, wait a little, end politely."""

import logging
import signal
from collections.abc import Callable
from threading import Event

from django.db import InterfaceError, OperationalError, close_old_connections, connection

log = logging.getLogger(__name__)
DATABASE_WAIT = 5.0
UNAVAILABLE_WAIT = 30.0


class UnavailableError(Exception):
    """Something that the work needs, such as a mail server, does not answer. Its text holds no personal data."""


def work(do: Callable[[], int], pause: float) -> None:
    """Call `do` until SIGTERM or SIGINT; sleep `pause` seconds when it says that it did nothing.

    A database that goes away is waited for, not died of, and so is whatever `do` raises UnavailableError for.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            close_old_connections()
            if not do():
                stop.wait(pause)
        except (OperationalError, InterfaceError):
            log.warning("The database does not answer; trying again in %s s.", DATABASE_WAIT)
            connection.close()
            stop.wait(DATABASE_WAIT)
        except UnavailableError as reason:
            log.warning("%s; trying again in %s s.", reason, UNAVAILABLE_WAIT)
            stop.wait(UNAVAILABLE_WAIT)
