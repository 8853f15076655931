"""Signing: one statement stores the signature and the message that asks to confirm it.

Written in SQL because it is the busiest path of the site and must not race: whether an address has
signed is an index's answer, never an earlier SELECT's. Whoever signs again before confirming replaces their
answers (someone who first chose "public" may have thought better of it); a new message goes out at most every ten
minutes and three times in a day, and its link supersedes the older one. Who has confirmed is left alone.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection

from campaign.privacy import crypto
from campaign.privacy.addresses import address_hash

CONFIRM = "pledges.confirm"
CODE = "pledges.code"
CODE_LENGTH = 8
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")
BETWEEN_MESSAGES = timedelta(minutes=10)
DAY = timedelta(hours=24)
MESSAGES_A_DAY = 3

MAY_ASK = """(
    old.state = 'withdrawn' OR old.asked_at <= %(quiet_since)s
) AND (old.messages < %(messages_a_day)s OR old.messages_since <= %(day_ago)s)"""

SIGN = f"""
WITH open_pledge AS (
    SELECT id FROM pledges_pledge
    WHERE slug = %(slug)s AND published AND (closes_at IS NULL OR closes_at > %(now)s)
), signed AS (
    INSERT INTO pledges_signature AS old (
        id, pledge_id, state, kind, name, email, organisation, email_hash, country, outward, visibility,
        updates, suspected, token_hash, code_hash, signed_at, asked_at, messages, messages_since, public_name, approved,
        tallied
    ) SELECT
        %(id)s, open_pledge.id, 'pending', %(kind)s, %(name)s, %(email)s, %(organisation)s, %(email_hash)s,
        %(country)s, %(outward)s, %(visibility)s, %(updates)s, %(suspected)s, %(token_hash)s, %(code_hash)s,
        %(now)s, %(now)s, 1, %(now)s, '', false, false
    FROM open_pledge
    ON CONFLICT (pledge_id, email_hash) DO UPDATE SET
        state = 'pending', kind = excluded.kind, name = excluded.name, email = excluded.email,
        organisation = excluded.organisation, country = excluded.country, outward = excluded.outward,
        visibility = excluded.visibility, updates = excluded.updates,
        suspected = old.suspected OR excluded.suspected,
        token_hash = CASE WHEN {MAY_ASK} THEN excluded.token_hash ELSE old.token_hash END,
        code_hash = CASE WHEN {MAY_ASK} THEN excluded.code_hash ELSE old.code_hash END,
        asked_at = CASE WHEN {MAY_ASK} THEN excluded.asked_at ELSE old.asked_at END,
        messages = CASE
            WHEN NOT ({MAY_ASK}) THEN old.messages
            WHEN old.messages_since <= %(day_ago)s THEN 1
            ELSE old.messages + 1
        END,
        messages_since = CASE
            WHEN {MAY_ASK} AND old.messages_since <= %(day_ago)s THEN excluded.messages_since
            ELSE old.messages_since
        END
    WHERE old.state IN ('pending', 'withdrawn')
    RETURNING id, token_hash
), posted AS (
    INSERT INTO mail_message (id, kind, object_id, created_at, due_at, attempts, outcome, problem)
    SELECT %(message)s, %(message_kind)s, signed.id, %(now)s, %(now)s, 0, 'waiting', ''
    FROM signed WHERE signed.token_hash = %(token_hash)s
)
SELECT EXISTS (SELECT FROM open_pledge)
"""  # noqa: S608 - no value is put in but by parameters


@dataclass(frozen=True)
class Answers:
    """What somebody who signs has told us, tidied."""

    name: str
    email: str
    country: str
    outward: str
    kind: str
    organisation: str
    visibility: str
    updates: bool
    suspected: bool


def sign(slug: str, answers: Answers, now: datetime) -> bool:
    """Store one signature and its message, once per address, in one statement; `now` is aware.

    Return whether there is such a pledge to sign: one that is published, and open at `now`.
    """
    with connection.cursor() as cursor:
        cursor.execute(SIGN, _parameters(slug, answers, now))
        return cursor.fetchone()[0]


def confirmation_token(message_id: uuid.UUID) -> str:
    """The secret in the link of one message; only its hash is stored."""
    return crypto.token(str(message_id), CONFIRM)


def confirmation_code(message_id: uuid.UUID) -> str:
    """The code in the same message, for who would rather type than follow a link: eight letters and digits.

    They are those of Crockford's base 32, which has no letter that is easily taken for another or for a digit.
    """
    number = int.from_bytes(crypto.keyed_hash(str(message_id), CODE), "big")
    return "".join(CODE_LETTERS[number >> (5 * place) & 31] for place in range(CODE_LENGTH))


def code_hash(typed: str) -> bytes:
    """What is stored of a code, however it is typed: small letters, spaces, O for 0, I or L for 1."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(MISREAD)
    return crypto.keyed_hash(plain, CODE)


def _parameters(slug: str, answers: Answers, now: datetime) -> dict[str, Any]:
    message_id = uuid.uuid4()
    signature = apps.get_model("pledges", "Signature")

    def seal(name: str) -> bytes | None:
        text = getattr(answers, name)
        return crypto.encrypt(text, signature._meta.get_field(name).purpose()) if text else None

    return vars(answers) | {
        "id": uuid.uuid4(),
        "slug": slug,
        "name": seal("name"),
        "email": seal("email"),
        "organisation": seal("organisation"),
        "email_hash": address_hash(answers.email),
        "token_hash": crypto.token_hash(confirmation_token(message_id)),
        "code_hash": code_hash(confirmation_code(message_id)),
        "message": message_id,
        "message_kind": CONFIRM,
        "now": now,
        "quiet_since": now - BETWEEN_MESSAGES,
        "day_ago": now - DAY,
        "messages_a_day": MESSAGES_A_DAY,
    }
