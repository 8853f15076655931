"""Reading the mailbox of bounces. Each message is handled separately, then deleted."""

import imaplib
import logging
import mailbox
from collections import Counter

from campaign.bounces.effects import act_on, recipient
from campaign.bounces.mailboxes import BounceMailbox, ImapServer, LocalMailbox
from campaign.bounces.reports import outcome
from campaign.db import is_unavailable
from campaign.monitoring.log_lines import Safe
from campaign.worker import UnavailableError

CANT_BE_USED = (OSError, imaplib.IMAP4.error, mailbox.Error, UnicodeError)
log = logging.getLogger(__name__)


def read_mailbox(place: ImapServer | LocalMailbox) -> Counter[str]:
    """Handle every message and return how many were "believed", "ignored" and "unreadable".

    Raises UnavailableError if the mailbox can't be used. What has been handled by then stays handled.
    """
    counts: Counter[str] = Counter()
    try:
        with place.opened() as box:
            while keys := box.keys():
                counts.update(handle(box, key) for key in keys)
    except CANT_BE_USED as error:
        raise UnavailableError(f"The bounce mailbox can't be used ({type(error).__name__})") from None
    return counts


def handle(box: BounceMailbox, key: str) -> str:
    """Act on one message and delete it, or set it aside if it can't be read. Return one of the three words."""
    raw = box.read(key)
    try:
        found = outcome(raw, recipient)
        if found:
            act_on(found)
    # The blind except is deliberate: one bad message must not stop the others from being handled.
    except Exception as error:
        if is_unavailable(error):
            raise
        log.warning("A message in the bounce mailbox can't be read (%s); it was set aside.", Safe(type(error).__name__))
        box.set_aside(key)
        return "unreadable"
    box.delete(key)
    return "believed" if found else "ignored"
