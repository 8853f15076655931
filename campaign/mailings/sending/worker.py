"""The news worker, which fills mailings that are due, keeps several connections sending, and finds dead workers."""

import logging
from datetime import datetime
from secrets import randbelow
from threading import Event, Thread

from django.conf import settings
from django.db import Error, close_old_connections, connection, connections
from django.utils import timezone

from campaign.db import is_unavailable
from campaign.mail.models import Message
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.claiming import give_up_claims, put_back_lost
from campaign.mailings.sending.leases import KeptLease, OtherWorkers
from campaign.mailings.sending.other_rows import queue_other_rows
from campaign.mailings.sending.pace import forget_idle_domains
from campaign.mailings.sending.sender import Sender
from campaign.mailings.sending.server import Server
from campaign.monitoring import context
from campaign.worker import DATABASE_WAIT

log = logging.getLogger(__name__)
LOOK_EVERY = 1.0  # seconds


class Worker:
    """One process that sends mailings. Several may run at once, on any machine."""

    def __init__(self) -> None:
        self.number = 1 + randbelow(2**31 - 2)
        self.server, self.stop = Server(), Event()
        self.lease, self.others = KeptLease(self.number, self._fail), OtherWorkers(self.number)
        self.error: BaseException | None = None
        self._senders: list[Sender] = []

    def run(self) -> None:
        """Send until `stop` is set. Raises the error of a connection's thread, if one failed."""
        self._senders = [Sender(self.number, self.server, self.stop) for _number in range(settings.NEWS_CONNECTIONS)]
        threads = [Thread(target=self._keep_sending, args=[sender]) for sender in self._senders]
        with self.lease:
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
        sender = Sender(self.number, self.server, self.stop)
        self._senders = [sender]
        with self.lease:
            self.lease.first_try.wait()
            self.maintain()
            try:
                while self._has_due() and not self.server.wait and not Message.objects.goes_first(timezone.now()):
                    self.stop.wait(sender.turn())
                    if not self._has_due():
                        self.maintain()  # may queue more
            finally:
                sender.record()
                sender.close()
            self.maintain()
        if self.error:
            raise self.error

    def maintain(self) -> None:
        """Start and finish mailings, and give up the claims of workers that are gone."""
        fill_due()
        self.mark_abandoned_claims()
        put_back_lost(self.number, self._in_hand)
        has_refused = self.server.has_refused.is_set()
        self.server.has_refused.clear()
        for mailing in Mailing.objects.sending():
            if not (has_refused and mailing.halt_if_over_limits()) and not queue_other_rows(mailing):
                mailing.finish()
        forget_idle_domains()

    def _in_hand(self) -> set[datetime]:
        return {sender.moment for sender in self._senders if sender.moment}

    def mark_abandoned_claims(self) -> int:
        """Mark the claims of workers that are gone as unknown, and delete their leases; return how many claims."""
        gone = self.others.gone()
        return sum(give_up_claims(number, renewals, timezone.now()) for number, renewals in gone.items())

    def _fail(self, error: BaseException) -> None:
        """Stop the worker after an error in one of its threads. `run` raises the error again."""
        self.error = error
        self.stop.set()

    def _watch(self) -> float:
        """Call `maintain`, unless the database is unavailable; return how many seconds to wait afterwards."""
        try:
            self.maintain()
        except Error as error:
            if not is_unavailable(error):
                raise
            self.others.forget()
            connection.close()
        return LOOK_EVERY

    def _keep_sending(self, sender: Sender) -> None:
        """Send over one connection until the worker stops. This runs in a thread."""
        try:
            while not self.stop.is_set():
                self.stop.wait(self._turn(sender))
        except BaseException as error:  # noqa: BLE001 - raised again by `run`
            self._fail(error)
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
        if not self.lease.is_fresh:
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
