"""Signing: one statement stores the signature and the message that asks to confirm it.

Written in SQL because it is the busiest path of the site and must not race: whether an address has
signed is an index's answer, never an earlier SELECT's. Whoever signs again before confirming replaces their
answers (someone who first chose "public" may have thought better of it); a new message goes out at most every ten
minutes and three times in a day, and its link supersedes the older one. Who has confirmed is left alone.

Nobody is refused for looking suspicious. All that is recorded here is a form submitted too fast to have been read;
anything else that counts against a signature is decided when it is confirmed (`pledges.models.suspicion`).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection

from campaign.email_addresses.canonical import address_hash, domain_hash, family_hash
from campaign.email_addresses.domains import is_disposable
from campaign.mail.limits import DAY, MESSAGES_A_DAY
from campaign.prepared import Prepared
from campaign.privacy import crypto
from pledges.models.names import name_hash

CONFIRM = "pledges.confirm"
CODE = "pledges.code"
CODE_LENGTH = 8
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")
BETWEEN_MESSAGES = timedelta(minutes=10)

MAY_ASK = """(
    old.state = 'withdrawn' OR old.confirmation_sent_at <= %(quiet_since)s
) AND (old.messages < %(messages_a_day)s OR old.messages_since <= %(day_ago)s)"""

COLUMNS = (
    *("kind", "name", "email", "organisation", "role", "link", "town", "name_hash", "domain_hash", "family_hash"),
    *("network", "disposable", "country", "outward_code", "visibility", "display", "updates"),
)


SIGN = Prepared(
    "pledges_sign",
    f"""
WITH open_pledge AS (
    SELECT id FROM pledges_pledge
    WHERE slug = %(slug)s AND published AND (closes_at IS NULL OR closes_at > %(now)s)
), signed AS (
    INSERT INTO pledges_signature AS old (
        {", ".join(COLUMNS)}, id, pledge_id, email_hash, state, area_code, suspicion, token_hash, code_hash, signed_at,
        confirmation_sent_at, messages, messages_since, public_name, public_town, public_link, approved,
        in_published_count
    ) SELECT
        {", ".join(f"%({column})s" for column in COLUMNS)}, %(id)s, open_pledge.id, %(email_hash)s, 'pending',
        %(area_code)s,
        CASE WHEN %(automatic)s THEN 'automatic' ELSE '' END,
        %(token_hash)s, %(code_hash)s, %(now)s, %(now)s, 1, %(now)s, '', '', '', false, false
    FROM open_pledge
    ON CONFLICT (pledge_id, email_hash) DO UPDATE SET
        {", ".join(f"{column} = excluded.{column}" for column in COLUMNS)},
        state = 'pending',
        -- The count by area still holds one that was withdrawn a moment ago.
        area_code = CASE WHEN old.in_published_count THEN old.area_code ELSE excluded.area_code END,
        suspicion = CASE WHEN old.suspicion = '' THEN excluded.suspicion ELSE old.suspicion END,
        token_hash = CASE WHEN {MAY_ASK} THEN excluded.token_hash ELSE old.token_hash END,
        code_hash = CASE WHEN {MAY_ASK} THEN excluded.code_hash ELSE old.code_hash END,
        confirmation_sent_at = CASE WHEN {MAY_ASK} THEN excluded.confirmation_sent_at ELSE old.confirmation_sent_at END,
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
""",  # noqa: S608 - no value is put in but by parameters
)


@dataclass(frozen=True)
class Answers:
    """What somebody who signs has told us, tidied."""

    name: str
    email: str
    country: str
    outward_code: str
    kind: str
    organisation: str
    visibility: str
    updates: bool
    area_code: str = ""
    display: str = "full"
    town: str = ""
    role: str = ""
    link: str = ""
    automatic: bool = False
    network: bytes | None = None


def sign(slug: str, answers: Answers, now: datetime) -> bool:
    """Store one signature and its message, once per address, in one statement; `now` is aware.

    Return whether there is such a pledge to sign: one that is published, and open at `now`.
    """
    with connection.cursor() as cursor:
        SIGN.run(cursor, _parameters(slug, answers, now))
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
        return crypto.encrypt(text, getattr(signature, name).field.purpose) if text else None

    return vars(answers) | {
        "id": uuid.uuid4(),
        "slug": slug,
        "name": seal("name"),
        "email": seal("email"),
        "organisation": seal("organisation"),
        "role": seal("role"),
        "link": seal("link"),
        "town": seal("town"),
        "email_hash": address_hash(answers.email),
        "name_hash": name_hash(answers.name),
        "domain_hash": domain_hash(answers.email),
        "family_hash": family_hash(answers.email),
        "disposable": is_disposable(answers.email),
        "token_hash": crypto.token_hash(confirmation_token(message_id)),
        "code_hash": code_hash(confirmation_code(message_id)),
        "message": message_id,
        "message_kind": CONFIRM,
        "now": now,
        "quiet_since": now - BETWEEN_MESSAGES,
        "day_ago": now - DAY,
        "messages_a_day": MESSAGES_A_DAY,
    }
