"""The news worker: it fills mailings that are due, keeps several connections sending, and finds workers that are gone.

While it runs, it holds a database lock with its number, over a separate connection. If nobody holds that lock, the
worker has been killed. If only its connection broke, it takes the lock again within seconds. So the other workers wait
until the lock has been free for 15 seconds before they give up its claims. A slow worker keeps its lock all the time.

The lock has to last as long as the connection. A pool in transaction mode would leave it with a session that others
use, and nobody would notice that the worker is gone. So a worker refuses to start behind such a pool.
"""

import logging
import time
from datetime import datetime
from secrets import randbelow
from threading import Event, Thread

from django.conf import settings
from django.db import Error, close_old_connections, connection, connections
from django.utils import timezone

from campaign.db import Lock, held, hold, is_held_here, is_unavailable, keeps_its_session, release
from campaign.mail.models import Message
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.claiming import give_up_claims, put_back_lost
from campaign.mailings.sending.other_rows import queue_other_rows
from campaign.mailings.sending.pace import forget_idle_domains
from campaign.mailings.sending.sender import Sender
from campaign.mailings.sending.server import Server
from campaign.monitoring import context
from campaign.worker import DATABASE_WAIT

log = logging.getLogger(__name__)
POOLED = (
    "The database connection is one of a pool in transaction mode (such as PgBouncer's pool_mode=transaction). Connect "
    "the news worker to PostgreSQL directly, or through a pool in session mode: give it a DATABASE_URL of its own."
)
STILL_HELD = "The database has not noticed that this worker's connection broke. Another worker has to take over."
LOOK_EVERY = 1.0  # seconds
GONE_AFTER = 15.0  # seconds that the lock of a worker has been free before we consider the worker gone
LOCK_PATIENCE = 60.0  # seconds without its lock before a worker ends, so that another can take over


class NoLockError(Exception):
    """The worker can't hold its lock. The message says why, for the operator."""


class Worker:
    """One process that sends mailings. Several may run at once, on any machine."""

    def __init__(self) -> None:
        self.number = 1 + randbelow(2**31 - 2)
        self.server, self.stop, self.holds_lock = Server(), Event(), Event()
        self.error: BaseException | None = None
        self._locked_by: object = None
        self._free_since: dict[int, float] = {}
        self._senders: list[Sender] = []
        self._lost_lock_at: float | None = None

    def run(self) -> None:
        """Send until `stop` is set. Raises the error of a connection's thread, if one failed."""
        self.require_session()
        self._senders = [Sender(self.number, self.server, self.stop) for _number in range(settings.NEWS_CONNECTIONS)]
        threads = [Thread(target=self._keep_sending, args=[sender]) for sender in self._senders]
        for thread in threads:
            thread.start()
        try:
            while not self.stop.is_set():
                self.stop.wait(self._watch())
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()
            connection.close()
        if self.error:
            raise self.error

    def once(self) -> None:
        """Send what is due over one connection, then return. Return early if a confirmation goes first."""
        self.require_session()
        self.maintain()
        sender = Sender(self.number, self.server, self.stop)
        self._senders = [sender]
        try:
            while self._has_due() and not self.server.wait and not Message.objects.goes_first(timezone.now()):
                self.stop.wait(sender.turn())
                if not self._has_due():
                    self.maintain()  # may queue more
        finally:
            sender.record()
            sender.close()
        self.maintain()
        release(Lock.NEWS_WORKER, self.number)

    def maintain(self) -> None:
        """Hold the lock, start and finish mailings, and give up the claims of workers that are gone."""
        if not self._has_lock():
            return
        fill_due()
        self.mark_abandoned_claims()
        put_back_lost(self.number, self._in_hand)
        has_refused = self.server.has_refused.is_set()
        self.server.has_refused.clear()
        for mailing in Mailing.objects.sending():
            if not (has_refused and mailing.halt_if_over_limits()) and not queue_other_rows(mailing):
                mailing.finish()
        forget_idle_domains()

    def require_session(self) -> None:
        """Raise NoLockError if the database connection is one of a pool in transaction mode."""
        if not keeps_its_session():
            raise NoLockError(POOLED)

    def _has_lock(self) -> bool:
        """Take the lock if this connection is new. Return whether we have it: without it, nothing is sent.

        Raises NoLockError if we can't get it. If a connection broke and PostgreSQL hasn't noticed, the old session may
        hold the lock for hours.
        """
        is_new = self._locked_by is not connection.connection or connection.connection is None
        if is_new:
            self._free_since.clear()
            if not hold(Lock.NEWS_WORKER, self.number):
                self._lost_lock_at = self._lost_lock_at or time.monotonic()
                if time.monotonic() - self._lost_lock_at > LOCK_PATIENCE:
                    raise NoLockError(STILL_HELD)
                return False
            self._locked_by, self._lost_lock_at = connection.connection, None
        elif not is_held_here(Lock.NEWS_WORKER, self.number):
            raise NoLockError(POOLED)
        self.holds_lock.set()
        return True

    def _in_hand(self) -> set[datetime]:
        return {sender.moment for sender in self._senders if sender.moment}

    def mark_abandoned_claims(self) -> int:
        """Mark the claims of workers that are gone as unknown; return how many claims there were."""
        free, now = Delivery.objects.claimants() - held(Lock.NEWS_WORKER), time.monotonic()
        self._free_since = {number: self._free_since.get(number, now) for number in free}
        gone = [number for number, since in self._free_since.items() if now - since >= GONE_AFTER]
        return sum(give_up_claims(number, timezone.now()) for number in gone)

    def _watch(self) -> float:
        """Call `maintain`, unless the database is unavailable; return how many seconds to wait afterwards."""
        try:
            self.maintain()
        except Error as error:
            if not is_unavailable(error):
                raise
            self.holds_lock.clear()
            connection.close()
        return LOOK_EVERY

    def _keep_sending(self, sender: Sender) -> None:
        """Send over one connection until the worker stops. This runs in a thread."""
        try:
            while not self.stop.is_set():
                self.stop.wait(self._turn(sender))
        except BaseException as error:  # noqa: BLE001 - raised again by `run`
            self.error = error
            self.stop.set()
        finally:
            self._end(sender)

    def _end(self, sender: Sender) -> None:
        """Record the last answers, even after an error of ours. Otherwise, messages never tried would be unknown."""
        try:
            sender.record()
        finally:
            sender.close()
            connections.close_all()

    def _turn(self, sender: Sender) -> float:
        if not self.holds_lock.is_set():
            return LOOK_EVERY
        try:
            close_old_connections()
            with context.job():
                return sender.turn()
        except Error as error:
            if not is_unavailable(error):
                raise
            log.warning("The database does not answer; trying again in %s s.", DATABASE_WAIT)
            connection.close()
            return DATABASE_WAIT

    def _has_due(self) -> bool:
        return Delivery.objects.due(timezone.now()).filter(mailing__state=Mailing.State.SENDING).exists()
