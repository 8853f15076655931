"""Sending over one connection to the mail server, batch after batch, until the worker stops."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from threading import Event
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error
from django.utils import timezone

from campaign.mail.checks import can_send
from campaign.mail.failures import Failure, UnusableAddressError
from campaign.mail.models import Message, SuppressedAddress
from campaign.mailings.filling import OWN_PROBLEM, show_problem
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.sending.answers import Answer, Result, answer_to
from campaign.mailings.sending.claiming import claim, record, take_back_refusals
from campaign.mailings.sending.ready_message import Template
from campaign.mailings.sending.server import Server
from campaign.mailings.sending.smtp import EmailBackend
from campaign.mailings.sources import SOURCES
from campaign.monitoring.log_lines import Safe

log = logging.getLogger(__name__)
DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"
# This many seconds after a claim began, the rest of its batch is put back. So nobody gets a message long after
# unsubscribing, and a paused or stopped mailing really stops soon, even if the mail server is slow. Other workers wait
# longer before they take this one for gone, so after a stall it sends nothing that they have given up.
BATCH_SECONDS = 2.0
IDLE_WAIT = 1.0  # seconds
SOON = 0.1  # seconds before another look at the outbox, or at a rate that is used up


class Sender:
    """One connection of a worker, used by one thread."""

    def __init__(self, worker: int, server: Server, stop: Event) -> None:
        self.worker, self.server, self.stop = worker, server, stop
        self.connection = open_backend()
        self.unrecorded: list[Answer] = []
        self.is_fresh = False
        self.moment: datetime | None = None  # the time of the current claim, until its answers are recorded
        self._idle = 0.0
        self._template: tuple[tuple[int, int | None], Template] | None = None

    def turn(self) -> float:
        """Send one batch, if there is one and no confirmation goes first. Return the seconds to wait afterwards."""
        self.record()
        if self.server.wait:
            return min(self.server.wait, IDLE_WAIT)
        if Message.objects.goes_first(timezone.now()):
            return SOON
        mailings = list(Mailing.objects.sending())
        if any(self.send_batch(mailing) for mailing in mailings):
            self._idle = 0.0
            return 0.0
        if not mailings:
            self.close()
        self._idle = min(max(2 * self._idle, SOON), IDLE_WAIT)
        return self._idle

    def record(self) -> None:
        """Record the answers so far. If the database doesn't answer, keep them for the next turn."""
        if self.unrecorded:
            record(self.unrecorded, self.worker, timezone.now())
            self.unrecorded = []
        self.moment = None

    def send_batch(self, mailing: Mailing) -> bool:
        """Claim a batch of a mailing and send it. Return whether there was anything to do."""
        template = self.template(mailing)
        if template is None or not self.connect():
            return False
        ends_at = time.monotonic() + BATCH_SECONDS
        batch = self._claim(mailing)
        if not batch:
            return False
        doubted = self._work_through(batch, template, mailing, ends_at)
        has_refusals = any(answer.result is Result.REFUSED for answer in self.unrecorded)
        self.record()
        if has_refusals:
            self.server.has_refused.set()
        take_back_refusals(doubted, self.worker, timezone.now())
        return True

    def _claim(self, mailing: Mailing) -> list[Delivery]:
        """Claim a batch, with a time of its own. If that fails, the worker puts back what may have been claimed."""
        self.moment = self.server.moment()
        try:
            batch = claim(mailing, self.worker, self.moment)
        except Error:
            self.moment = None
            raise
        self.unrecorded = [Answer(delivery, Result.NOT_TRIED) for delivery in batch]
        if not batch:
            self.moment = None
        return batch

    def _work_through(
        self, batch: list[Delivery], template: Template, mailing: Mailing, ends_at: float
    ) -> list[Answer]:
        """Send a batch, or as much of it as can be sent until `ends_at`. Return the refusals to take back.

        `unrecorded` has an answer for each message from the start, so that what isn't sent goes back to the queue.
        """
        doubted, addresses = [], wanted_addresses(batch)
        for position, delivery in enumerate(batch):
            is_held_up = self.server.wait or mailing.state != Mailing.State.SENDING
            if time.monotonic() > ends_at or self.stop.is_set() or is_held_up:
                break
            answer = self.send(template, delivery, addresses.get((delivery.source, delivery.row)))
            self.unrecorded[position] = answer
            doubted += self.react_to(answer, mailing)
        suppress_nonexistent((answer for answer in self.unrecorded if answer not in doubted), addresses)
        return doubted

    def send(self, template: Template, delivery: Delivery, address: str | None) -> Answer:
        """Send one message to an address and return the answer. If there is no address, skip the delivery."""
        if address is None:
            return Answer(delivery, Result.SKIPPED)
        try:
            if not can_send(address):
                raise UnusableAddressError
            email = template.message(delivery, address, ready=isinstance(self.connection, EmailBackend))
            self._open()
        # The blind except is deliberate: a problem with one message must not stop the others.
        except Exception as error:  # noqa: BLE001
            return self._failed(delivery, error, may_be_accepted=False)
        return self._hand_over(delivery, email)

    def _hand_over(self, delivery: Delivery, email: EmailMessage) -> Answer:
        if isinstance(self.connection, EmailBackend):
            self.connection.begin()
        try:
            self.connection.send_messages([email])
        except Exception as error:  # noqa: BLE001 - as above
            handed_over = getattr(self.connection, "is_handed_over", True)
            return self._failed(delivery, error, may_be_accepted=handed_over)
        self.is_fresh = False
        return Answer(delivery, Result.SENT)

    def _failed(self, delivery: Delivery, error: Exception, *, may_be_accepted: bool) -> Answer:
        """Return the answer that an error means. If an old connection broke, the message counts as not tried."""
        answer = answer_to(delivery, error, may_be_accepted=may_be_accepted)
        log.warning("Delivery %s: %s (%s)", delivery.pk, Safe(answer.result.name.lower()), Safe(answer.code))
        was_fresh, self.is_fresh = self.is_fresh, False
        if answer.is_about_server or may_be_accepted:
            self.close()
        is_old = isinstance(self.connection, EmailBackend) and not was_fresh
        if is_old and answer.result is Result.LATER and answer.is_about_server:
            return Answer(delivery, Result.NOT_TRIED)
        return answer

    def react_to(self, answer: Answer, mailing: Mailing) -> list[Answer]:
        """If the answer shows a problem with the mail server, wait or pause the mailing, and show organisers why.

        Return the refusals to take back because the server seems to refuse everybody.
        """
        before = self.server.problem
        if answer.is_about_server and answer.failure and answer.result is Result.LATER:
            self.server.back_off(answer.failure)
        doubted = self.server.note(answer)
        if self.server.problem != before:
            show_server_problem(self.server.problem or "")
        if self.server.must_pause:
            mailing.pause(None)
            self.server.forget()
        return doubted

    def connect(self) -> bool:
        """Connect to the mail server unless connected. If it can't be used, return False and make all senders wait."""
        try:
            self._open()
        except (OSError, ValueError) as error:  # ValueError: the password or the server's name isn't ASCII
            self.close()
            failure = Failure.of(error)
            log.warning("The mail server can't be used (%s).", Safe(failure))
            self.server.back_off(Failure(failure.name, failure.number, failure.enhanced, is_about_server=True))
            show_server_problem(self.server.problem or "")
            return False
        return True

    def _open(self) -> None:
        """Open the connection unless it is open. It is fresh until a message has been sent over it."""
        self.is_fresh = bool(self.connection.open()) or self.is_fresh

    def close(self) -> None:
        """Close the connection, ignoring any error from the mail server."""
        with suppress(OSError):
            self.connection.close()

    def template(self, mailing: Mailing) -> Template | None:
        """Return the parts of a mailing that everybody gets, rendered when its first batch is sent.

        If rendering fails, show organisers the problem and return None.
        """
        key = mailing.pk, mailing.version
        if self._template is None or self._template[0] != key:
            try:
                self._template = key, Template(mailing)
            except Error:
                raise  # The worker waits for the database.
            # The blind except is deliberate: one bad mailing must not stop the others.
            except Exception as error:  # noqa: BLE001
                show_problem(mailing, error)
                return None
            Mailing.objects.filter(pk=mailing.pk, problem__startswith=OWN_PROBLEM).update(problem="")
        return self._template[1]


def open_backend() -> BaseEmailBackend:
    """Return the mail backend from the settings. For SMTP, use ours, which knows whether it sent the whole message."""
    return EmailBackend() if settings.EMAIL_BACKEND == DJANGO_SMTP else get_connection()


def wanted_addresses(batch: list[Delivery]) -> dict[tuple[str, UUID], str]:
    """Return the addresses of people who still want the message, by the name of a source and the key of a row in it.

    Leave out a row that now has somebody else's address, because that person may have a delivery too.
    """
    people = {(one.source, one.row): (bytes(one.person), one.mailing_id) for one in batch}
    found = {
        (source, row): address
        for (source, row), address in _addresses(batch)
        if (source, row) in people and _is_same(source, address, *people[source, row])
    }
    suppressed = SuppressedAddress.objects.among(list(found.values()))
    return {key: address for key, address in found.items() if address not in suppressed}


def _is_same(source: str, address: str, person: bytes, mailing: int) -> bool:
    return SOURCES[source].person(address, mailing) == person


def _addresses(batch: list[Delivery]) -> Iterator[tuple[tuple[str, UUID], str]]:
    rows: dict[str, list[UUID]] = defaultdict(list)
    for delivery in batch:
        rows[delivery.source].append(delivery.row)
    for source, wanted in rows.items():
        if source in SOURCES:
            for row, address in SOURCES[source].addresses(wanted).items():
                yield (source, row), address


def suppress_nonexistent(answers: Iterable[Answer], addresses: dict[tuple[str, UUID], str]) -> None:
    """Suppress the addresses that the mail server refused because there is no such mailbox."""
    for answer in answers:
        if answer.result is Result.REFUSED and answer.failure and answer.failure.is_no_such_recipient:
            SuppressedAddress.objects.bounced(addresses[answer.delivery.source, answer.delivery.row])


def show_server_problem(problem: str) -> None:
    """Show organisers the mail server's problem beside each mailing that is being sent or paused. "" clears it."""
    sending = Mailing.objects.filter(state__in=[Mailing.State.SENDING, Mailing.State.PAUSED])
    sending.exclude(problem__startswith=OWN_PROBLEM).update(problem=problem)
