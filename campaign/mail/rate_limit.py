"""The rate limit on messages that anybody can request by typing an address into a form: three in 24 hours.

All kinds of message count together, because a stranger could otherwise send three of each kind to the same mailbox.
The rule is written once, as two database functions (see mail's migrations). SQL calls them by name; querysets use
`RateCount` and `RateSince`.
"""

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import DateTimeField, Func, IntegerField

from campaign.email_addresses.canonical import mailbox
from campaign.privacy.crypto import keyed_hash

TAKE = """
INSERT INTO mail_ratelimit AS held (address_hash, since, messages) VALUES (%(address_hash)s, %(now)s, 1)
ON CONFLICT (address_hash) DO UPDATE SET
    messages = message_rate_count_1(held.messages, held.since, %(now)s),
    since = message_rate_since_1(held.since, %(now)s)
WHERE message_rate_count_1(held.messages, held.since, %(now)s) IS NOT NULL
RETURNING messages
"""


class RateCount(Func):
    """The number of messages to an address in its 24 hours, including a new one, or NULL if that would be too many.

    The arguments are the number so far, the start of the 24 hours, and the time of the new message (aware).
    """

    function = "message_rate_count_1"
    output_field = IntegerField()


class RateSince(Func):
    """The start of the 24 hours in which a new message counts.

    The arguments are the start of the earlier messages' 24 hours, and the time of the new message (aware).
    """

    function = "message_rate_since_1"
    output_field = DateTimeField()


def rate_limit_hash(address: str) -> bytes:
    """Return 32 bytes that are the same for all tags of a mailbox, and that match no other hash of the address.

    `since` is also the time when one of the messages was queued. If this hash matched that of a signature, that time
    would link the signature to the attendee or the community that the message was about.
    """
    return keyed_hash(mailbox(address), "rate limit")


class RateLimit(models.Model):
    """The number of messages sent to a mailbox, known by `rate_limit_hash`, in the 24 hours that began at `since`."""

    address_hash = models.BinaryField(max_length=32, unique=True)
    since = models.DateTimeField(db_index=True)
    messages = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.since}"

    @classmethod
    def take(cls, address: str, now: datetime) -> bool:
        """Count a message requested at `now` (aware), for all tags of the address. Return whether it may be sent.

        Call this in the transaction that sends the message, so that a message that fails is not counted.
        """
        values: dict[str, Any] = {
            "address_hash": rate_limit_hash(address),
            "now": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(TAKE, values)
            return cursor.fetchone() is not None
