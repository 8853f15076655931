"""The loop of a background worker: work, wait a little, and end cleanly."""

import logging
import signal
from collections.abc import Callable
from threading import Event

from django.db import Error, close_old_connections, connection

from campaign.db import is_unavailable
from campaign.monitoring import context
from campaign.monitoring.log_lines import Safe

log = logging.getLogger(__name__)
DATABASE_WAIT = 5.0
UNAVAILABLE_WAIT = 30.0


class UnavailableError(Exception):
    """Something that the work needs, such as a mail server, doesn't respond. Its text contains no personal data."""


def work(do: Callable[[], int], pause: float) -> None:
    """Call `do` until SIGTERM or SIGINT; sleep for `pause` seconds when it did nothing.

    If the database goes away, or `do` raises UnavailableError, wait and try again instead of ending.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        stop.wait(_turn(do, pause))


def _turn(do: Callable[[], int], pause: float) -> float:
    """Call `do` once; return how many seconds to wait before the next turn."""
    try:
        close_old_connections()
        with context.job():
            return 0.0 if do() else pause
    except Error as error:
        if not is_unavailable(error):
            raise
        log.warning("The database does not answer; trying again in %s s.", DATABASE_WAIT)
        connection.close()
        return DATABASE_WAIT
    except UnavailableError as reason:
        log.warning("%s; trying again in %s s.", Safe(reason), UNAVAILABLE_WAIT)
        return UNAVAILABLE_WAIT
