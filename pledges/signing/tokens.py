"""The secrets in a confirmation message: the token in its link, and its code. Only their hashes are stored."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from campaign.confirming import codes
from campaign.privacy import crypto

CONFIRM = "pledges.confirm"
CODE = "pledges.code"


def oldest_confirmable(now: datetime) -> datetime:
    """Return the earliest sending time of a message whose link and code still work at `now` (aware)."""
    return now - timedelta(days=settings.PLEDGE_CONFIRM_DAYS)


def confirmation_token(message_id: uuid.UUID) -> str:
    """Return the secret in a message's link."""
    return crypto.token(str(message_id), CONFIRM)


def confirmation_code(message_id: uuid.UUID) -> str:
    """Return a message's eight-character code."""
    return codes.code(message_id, CODE)


def code_hash(typed: str) -> bytes:
    """Return the hash of a code, however it was typed."""
    return codes.code_hash(typed, CODE)


def hashes(message_id: uuid.UUID) -> dict[str, bytes]:
    """Return the hashes of both secrets of a message, by column."""
    return {
        "token_hash": crypto.token_hash(confirmation_token(message_id)),
        "code_hash": code_hash(confirmation_code(message_id)),
    }
