"""Sending the confirmation message again to people it did not reach.

It is one call of a database function, whether or not the address is due a message, so that the answer takes about as
long either way: 0.42 and 0.21 ms (5.5 and 0.2 ms if it waited for a busy disk). The guard of public forms evens out the
rest. If the database crashes at that moment, the request is lost, but can be made again. The limits are the same as for
signing: ten minutes between messages, and three to one address in 24 hours. The newest message supersedes older ones.
People whose signature can no longer be confirmed have to sign again.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from campaign.email_addresses.canonical import address_hash
from pledges.signing import tokens
from pledges.signing.sign import BETWEEN_MESSAGES

RESEND = """
SELECT resend_confirmation_1(
    p_slug => %(slug)s, p_email_hash => %(email_hash)s, p_token_hash => %(token_hash)s, p_code_hash => %(code_hash)s,
    p_message_id => %(message_id)s, p_confirmable_since => %(confirmable_since)s, p_quiet_since => %(quiet_since)s,
    p_now => %(now)s
)
"""


def resend(slug: str, email: str, now: datetime) -> None:
    """Queue a new message for the signature of this address, if it is waiting for one; `now` is aware.

    It goes to the address as it was signed with, even if a variant is typed here.
    """
    message_id = uuid.uuid4()
    values: dict[str, Any] = tokens.hashes(message_id) | {
        "slug": slug,
        "email_hash": address_hash(email),
        "message_id": message_id,
        "confirmable_since": tokens.oldest_confirmable(now),
        "quiet_since": now - BETWEEN_MESSAGES,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(RESEND, values)
