"""The outbox, suppressed addresses, and the messages that the development mailbox shows."""

from campaign.mail.models.dev_message import DevMessage
from campaign.mail.models.message import (
    FIRST_WAIT,
    LATE,
    MAX_ATTEMPTS,
    MAX_WAIT,
    MIN_FAILURES,
    MIN_PATIENCE,
    SPREAD,
    Message,
    MessageQuerySet,
)
from campaign.mail.models.suppressed_address import Reason, SuppressedAddress, SuppressedAddressQuerySet
from campaign.mail.rate_limit import RateLimit

__all__ = [
    "FIRST_WAIT",
    "LATE",
    "MAX_ATTEMPTS",
    "MAX_WAIT",
    "MIN_FAILURES",
    "MIN_PATIENCE",
    "SPREAD",
    "DevMessage",
    "Message",
    "MessageQuerySet",
    "RateLimit",
    "Reason",
    "SuppressedAddress",
    "SuppressedAddressQuerySet",
]
