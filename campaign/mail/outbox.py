"""Sending what waits in the outbox, one message a transaction.

The row stays locked while it is sent. A worker killed between the mail server's answer and our commit
leaves one message that is sent again, with the same Message-ID; none is ever lost.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from campaign.mail.allowance import Allowance
from campaign.mail.models import Message, NeverAgain
from campaign.mail.writers import FOR_ANYBODY, WRITERS

log = logging.getLogger(__name__)
BATCH = 100


def send_waiting() -> int:
    """Send what is due, over one connection; return how many messages were dealt with (100 at most)."""
    if not Message.objects.due(timezone.now()).exists():
        return 0
    connection = get_connection()
    try:
        return next((done for done in range(BATCH) if not send_next(connection)), BATCH)
    finally:
        connection.close()


def send_next(connection: BaseEmailBackend) -> bool:
    """Deal with the message that has been due longest; return whether there was one."""
    now = timezone.now()
    with transaction.atomic():
        message = Message.objects.due(now).select_for_update(skip_locked=True).first()
        if message is None:
            return False
        _deal_with(message, connection)
    return True


def is_unwanted(email: EmailMessage) -> bool:
    """Whether it would go to somebody who asked never to be written to again."""
    return any(NeverAgain.objects.is_suppressed(address) for address in email.to)


def may_go(message: Message, email: EmailMessage) -> bool:
    """Whether its address may have it today; if so, it is counted."""
    return message.kind not in FOR_ANYBODY or Allowance.take(email.to[0], message.created_at)


def _deal_with(message: Message, connection: BaseEmailBackend) -> None:
    email = WRITERS[message.kind](message)
    if email is None or is_unwanted(email) or not may_go(message, email):
        message.finish(Message.Outcome.DROPPED, timezone.now())
        return
    email.connection = connection
    email.extra_headers |= {
        "Message-ID": f"<{message.id}@{settings.SITE_HOST}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers, please
    }
    try:
        email.send()
    except (SMTPException, OSError) as error:
        # The text of such an error can hold the address: only its class is kept.
        log.warning("Message %s was not sent: %s", message.id, type(error).__name__)
        connection.close()
        if message.kind in FOR_ANYBODY:
            Allowance.give_back(email.to[0])
        message.retry_later(type(error).__name__, timezone.now())
        return
    message.attempts += 1
    message.finish(Message.Outcome.SENT, timezone.now())
