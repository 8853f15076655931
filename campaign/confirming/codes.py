"""Codes in messages, for people who would rather not follow a link. Only the codes' hashes are stored."""

import uuid

from campaign.privacy import crypto

CODE_LENGTH = 8
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")


def code(key: uuid.UUID | str, purpose: str) -> str:
    """Return the eight-character code of the row or message with this key.

    It is in Crockford's base 32, which leaves out letters that are easily mistaken for other letters or digits.
    """
    number = int.from_bytes(crypto.keyed_hash(str(key), purpose), "big")
    return "".join(CODE_LETTERS[number >> (5 * place) & 31] for place in range(CODE_LENGTH))


def code_hash(typed: str, purpose: str) -> bytes:
    """Return the hash of a code, however it was typed: in lower case, with spaces, with O for 0, or I or L for 1."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(MISREAD)
    return crypto.keyed_hash(plain, purpose)
