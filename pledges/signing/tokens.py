"""The secrets in a confirmation message: the token in its link, and its code. Only their hashes are stored."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from campaign.privacy import crypto

CONFIRM = "pledges.confirm"
CODE = "pledges.code"
CODE_LENGTH = 8
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")


def oldest_confirmable(now: datetime) -> datetime:
    """Return the earliest sending time of a message whose link and code still work at `now` (aware)."""
    return now - timedelta(days=settings.PLEDGE_CONFIRM_DAYS)


def confirmation_token(message_id: uuid.UUID) -> str:
    """Return the secret in a message's link."""
    return crypto.token(str(message_id), CONFIRM)


def confirmation_code(message_id: uuid.UUID) -> str:
    """Return a message's eight-character code, for people who would rather paste it than follow a link.

    It uses Crockford's base 32, which leaves out letters that are easily mistaken for other letters or digits.
    """
    number = int.from_bytes(crypto.keyed_hash(str(message_id), CODE), "big")
    return "".join(CODE_LETTERS[number >> (5 * place) & 31] for place in range(CODE_LENGTH))


def code_hash(typed: str) -> bytes:
    """Return the hash of a code, however it was typed: in small letters, with spaces, with O for 0, or I or L for 1."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(MISREAD)
    return crypto.keyed_hash(plain, CODE)


def hashes(message_id: uuid.UUID) -> dict[str, bytes]:
    """Return the hashes of both secrets of a message, by column."""
    return {
        "token_hash": crypto.token_hash(confirmation_token(message_id)),
        "code_hash": code_hash(confirmation_code(message_id)),
    }
