"""The rate limit of messages that anybody can cause by typing an address into a form: three to it in 24 hours.

The rule is written once, as two functions of the database (see mail's migrations). SQL calls them by name; querysets
use `RateCount` and `RateSince`.
"""

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import DateTimeField, Func, IntegerField

from campaign.email_addresses.canonical import mailbox_hash

TAKE = """
INSERT INTO mail_ratelimit AS held (address_hash, since, messages) VALUES (%(address_hash)s, %(now)s, 1)
ON CONFLICT (address_hash) DO UPDATE SET
    messages = message_rate_count_1(held.messages, held.since, %(now)s),
    since = message_rate_since_1(held.since, %(now)s)
WHERE message_rate_count_1(held.messages, held.since, %(now)s) IS NOT NULL
RETURNING messages
"""


class RateCount(Func):
    """How many messages an address has had in its 24 hours, counting one more; NULL if that would be too many.

    The arguments are how many it has had, since when, and the time of the new message (aware).
    """

    function = "message_rate_count_1"
    output_field = IntegerField()


class RateSince(Func):
    """The start of the 24 hours in which a new message counts.

    The arguments are the start of the earlier messages' 24 hours, and the time of the new message (aware).
    """

    function = "message_rate_since_1"
    output_field = DateTimeField()


class RateLimit(models.Model):
    """How many messages were sent to a mailbox, known by its keyed hash, in the day that began at `since`."""

    address_hash = models.BinaryField(max_length=32, unique=True)
    since = models.DateTimeField(db_index=True)
    messages = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.since}"

    @classmethod
    def take(cls, address: str, now: datetime) -> bool:
        """Count a message requested at `now` (aware), to an address under any tag; return whether it may be sent.

        The message is sent in the same transaction: one that fails is not counted.
        """
        values: dict[str, Any] = {
            "address_hash": mailbox_hash(address),
            "now": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(TAKE, values)
            return cursor.fetchone() is not None
