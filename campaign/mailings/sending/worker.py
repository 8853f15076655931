"""The news worker: it fills mailings that are due, keeps several connections sending, and finds workers that are gone.

While it runs, it holds a database lock with its number, over a separate connection. If nobody holds that lock, the
worker has been killed. A worker whose connection broke takes its lock again within seconds, so the others wait until
the lock has been free for 15 seconds before they give up its claims. A slow worker keeps its lock all the time.
"""

import logging
import time
from secrets import randbelow
from threading import Event, Thread

from django.conf import settings
from django.db import Error, close_old_connections, connection, connections
from django.utils import timezone

from campaign.db import Lock, held, hold, is_unavailable, release
from campaign.mail.models import Message
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.claiming import give_up_claims
from campaign.mailings.sending.pace import forget_idle_domains
from campaign.mailings.sending.sender import Sender
from campaign.mailings.sending.server import Server
from campaign.worker import DATABASE_WAIT

log = logging.getLogger(__name__)
LOOK_EVERY = 1.0  # seconds
GONE_AFTER = 15.0  # seconds for which the worker's lock has been free


class Worker:
    """One process that sends mailings. Several may run at once, on any machine."""

    def __init__(self) -> None:
        self.number = 1 + randbelow(2**31 - 2)
        self.server, self.stop, self.holds_lock = Server(), Event(), Event()
        self.error: BaseException | None = None
        self._locked_by: object = None
        self._free_since: dict[int, float] = {}

    def run(self) -> None:
        """Send until `stop` is set. Raises what went wrong in one of the connections' threads."""
        threads = [Thread(target=self._keep_sending) for _number in range(settings.NEWS_CONNECTIONS)]
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
        """Send what is due over one connection, then return. Return early if a confirmation has to go first."""
        self.look_after()
        sender = Sender(self.number, self.server, self.stop)
        try:
            while self._has_due() and not self.server.wait and not Message.objects.goes_first(timezone.now()):
                self.stop.wait(sender.turn())
        finally:
            sender.record()
            sender.close()
        self.look_after()
        release(Lock.NEWS_WORKER, self.number)

    def look_after(self) -> None:
        """Hold the lock, start and finish mailings, and give up the claims of workers that are gone."""
        if self._locked_by is not connection.connection or connection.connection is None:
            self._free_since.clear()
            hold(Lock.NEWS_WORKER, self.number)
            self._locked_by = connection.connection
        self.holds_lock.set()
        fill_due()
        self.find_gone()
        for mailing in Mailing.objects.sending():
            mailing.finish()
        forget_idle_domains()

    def find_gone(self) -> int:
        """Mark the claims of workers that are gone as unknown; return how many."""
        free, now = Delivery.objects.claimants() - held(Lock.NEWS_WORKER), time.monotonic()
        self._free_since = {number: self._free_since.get(number, now) for number in free}
        gone = [number for number, since in self._free_since.items() if now - since >= GONE_AFTER]
        return sum(give_up_claims(number, timezone.now()) for number in gone)

    def _watch(self) -> float:
        """Call `look_after`, unless the database is unavailable; return how many seconds to wait afterwards."""
        try:
            self.look_after()
        except Error as error:
            if not is_unavailable(error):
                raise
            self.holds_lock.clear()
            connection.close()
        return LOOK_EVERY

    def _keep_sending(self) -> None:
        """Send over one connection until the worker stops. This runs in a thread."""
        sender = Sender(self.number, self.server, self.stop)
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
            return sender.turn()
        except Error as error:
            if not is_unavailable(error):
                raise
            log.warning("The database does not answer; trying again in %s s.", DATABASE_WAIT)
            connection.close()
            return DATABASE_WAIT

    def _has_due(self) -> bool:
        return Delivery.objects.due(timezone.now()).filter(mailing__state=Mailing.State.SENDING).exists()
