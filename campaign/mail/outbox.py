"""Sending the messages that are waiting in the outbox.

An attempt is counted, and the message moved back in the queue, in a separate transaction before it is written.
A second transaction holds the row locked while the message is written and sent, and records that it was. So any
failure, even of the process, affects one message alone, and no two workers send one message at once. If a worker is
killed between the mail server's answer and our commit, one message is sent again, with the same Message-ID; none is
lost.
"""

import logging
from contextlib import suppress
from email.charset import QP, Charset

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from campaign.db import is_unavailable
from campaign.mail.checks import can_send
from campaign.mail.envelope import message_id, return_to_sender
from campaign.mail.failures import Failure, UnknownKindError, UnusableAddressError
from campaign.mail.models import Message, SuppressedAddress
from campaign.mail.rate_limit import RateLimit
from campaign.mail.writers import FOR_ANYBODY, WRITERS, batch
from campaign.monitoring.log_lines import Safe
from campaign.worker import UnavailableError

log = logging.getLogger(__name__)
BATCH = 100
# Django would send non-ASCII text unencoded (8bit), whether or not the server supports that (RFC 6152).
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP


def send_waiting() -> int:
    """Send up to 100 due messages, over one connection for as long as it works. Return how many were dealt with.

    Raises UnavailableError if the mail server can't be used. The other messages then wait, and no attempt is counted.
    """
    connection = get_connection()
    try:
        with batch():
            return next((done for done in range(BATCH) if not send_next(connection)), BATCH)
    finally:
        close(connection)


def send_next(connection: BaseEmailBackend) -> bool:
    """Deal with the message that has been due longest; return whether there was one.

    Raises UnavailableError if even a connection made for this message fails, because the server is then at fault.
    """
    if not Message.objects.due(timezone.now()).exists():
        return False
    is_fresh = connect(connection)
    message = Message.objects.claim(timezone.now())
    if message is None:
        return False
    error = attempt(message, connection)
    if error is not None:
        close(connection)  # The connection may be in the middle of this message.
        failure = Failure.of(error)
        log.warning("Message %s was not sent: %s", message.pk, Safe(failure))
        message.fail(failure, timezone.now())
        if is_fresh and failure.is_about_server:
            raise UnavailableError(f"The mail server does not accept mail ({failure})")
    return True


def connect(connection: BaseEmailBackend) -> bool:
    """Connect to the mail server unless already connected; return whether it had to. Raises UnavailableError."""
    try:
        return bool(connection.open())
    except (OSError, ValueError) as error:  # ValueError: the password or the server's name isn't ASCII
        close(connection)
        raise UnavailableError(f"The mail server can't be used ({Failure.of(error)})") from None


def close(connection: BaseEmailBackend) -> None:
    """Close the connection, ignoring any error from the mail server."""
    with suppress(OSError):
        connection.close()


def attempt(message: Message, connection: BaseEmailBackend) -> Exception | None:
    """Write and send a claimed message; return any error."""
    try:
        deliver(message, connection)
    # The blind except is deliberate: a problem with one message must not stop the others.
    except Exception as error:
        if is_unavailable(error):
            raise  # `campaign.worker.work` waits for the database.
        return error
    return None


@transaction.atomic(durable=True)
def deliver(message: Message, connection: BaseEmailBackend) -> None:
    """Write, send and record a claimed message. An exception rolls back its address's rate-limit count."""
    if not Message.objects.lock(message):
        return
    if message.kind not in WRITERS:
        raise UnknownKindError
    email = WRITERS[message.kind](message)
    message.problem = ""
    if email is None or not email.recipients():
        message.finish(Message.Outcome.DROPPED, timezone.now())
        return
    if not all(can_send(address) for address in email.recipients()):
        raise UnusableAddressError
    if is_suppressed(email) or not is_within_limit(message, email):
        message.finish(Message.Outcome.DROPPED, timezone.now())
        return
    email.connection, email.encoding = connection, QUOTED_PRINTABLE
    email.extra_headers |= {
        "Message-ID": message_id(message.id, email.recipients()[0]),
        "Auto-Submitted": "auto-generated",  # RFC 3834: asks for no out-of-office replies
    }
    return_to_sender(email)
    email.send()
    message.finish(Message.Outcome.SENT, timezone.now())


def is_suppressed(email: EmailMessage) -> bool:
    """Return whether one of its recipients is a suppressed address."""
    return any(SuppressedAddress.objects.is_suppressed(address) for address in email.to)


def is_within_limit(message: Message, email: EmailMessage) -> bool:
    """Return whether the rate limit of its address allows it today; if so, count it."""
    return message.kind not in FOR_ANYBODY or RateLimit.take(email.to[0], message.queued_at)
