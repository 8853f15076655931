"""The loop of a background worker: do a little work, wait a little, end politely."""

import logging
import signal
from collections.abc import Callable
from threading import Event

from django.db import Error, close_old_connections, connection

from campaign.database import is_away

log = logging.getLogger(__name__)
DATABASE_WAIT = 5.0


def work(do: Callable[[], int], pause: float) -> None:
    """Call `do` until SIGTERM or SIGINT; sleep `pause` seconds when it says that it did nothing.

    A database that goes away is waited for, not died of.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            close_old_connections()
            if not do():
                stop.wait(pause)
        except Error as error:
            if not is_away(error):
                raise
            log.warning("The database does not answer; trying again in %s s.", DATABASE_WAIT)
            connection.close()
            stop.wait(DATABASE_WAIT)
