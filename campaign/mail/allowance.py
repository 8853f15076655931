"""How many messages each address had in its day: see `campaign.mail.limits`."""

from datetime import datetime
from typing import Any

from django.db import connection, models

from campaign.email_addresses.canonical import mailbox_hash

TAKE = """
INSERT INTO mail_ratelimit AS held (address_hash, since, messages) VALUES (%(address_hash)s, %(now)s, 1)
ON CONFLICT (address_hash) DO UPDATE SET
    messages = message_rate_count_1(held.messages, held.since, %(now)s),
    since = message_rate_since_1(held.since, %(now)s)
WHERE message_rate_count_1(held.messages, held.since, %(now)s) IS NOT NULL
RETURNING messages
"""


class RateLimit(models.Model):
    """How many messages were sent to a mailbox, known by its keyed hash, in the day that began at `since`."""

    address_hash = models.BinaryField(max_length=32, unique=True)
    since = models.DateTimeField(db_index=True)
    messages = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.since}"

    @classmethod
    def take(cls, address: str, now: datetime) -> bool:
        """Count a message requested at `now` (aware), to an address under any tag; return whether it may go.

        The message is sent in the same transaction: one that fails is not counted.
        """
        values: dict[str, Any] = {
            "address_hash": mailbox_hash(address),
            "now": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(TAKE, values)
            return cursor.fetchone() is not None
