"""Signing: one call of a database function stores the signature and the message that asks to confirm it.

It is in SQL because it is the site's busiest path and must not race: an index, not an earlier SELECT, decides whether
an address has signed. People who sign again before confirming replace their answers (they may have
thought better of "public"); a new message goes out at most every ten minutes and three times in a day, and its link
supersedes the older one. Confirmed signatures are left alone. The function is in pledges' migrations (docs/adr/0010).

Nobody is refused for looking suspicious. All we record here is whether the form was sent too fast to have been read;
anything else that counts against a signature is decided when it is confirmed (`pledges.models.signatures.suspicion`).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from campaign.email_addresses.canonical import address_hash, domain_hash, family_hash
from campaign.email_addresses.domains import is_disposable
from campaign.privacy import crypto
from pledges.signer_names import name_hash
from pledges.signing import tokens

BETWEEN_MESSAGES = timedelta(minutes=10)
# The purpose that each encrypted answer is bound to: that of the model field in which it is stored.
ENCRYPTED = ("name", "shown_name", "email", "organisation", "role", "link", "town")
PURPOSES = {name: f"pledges.signature.{name}" for name in ENCRYPTED}
SIGN = """
SELECT sign_pledge_4(
    p_slug => %(slug)s, p_kind => %(kind)s, p_name => %(name)s, p_shown_name => %(shown_name)s, p_email => %(email)s,
    p_organisation => %(organisation)s, p_role => %(role)s, p_link => %(link)s, p_town => %(town)s,
    p_email_hash => %(email_hash)s, p_name_hash => %(name_hash)s, p_domain_hash => %(domain_hash)s,
    p_family_hash => %(family_hash)s, p_network => %(network)s, p_disposable => %(disposable)s,
    p_country => %(country)s, p_outward_code => %(outward_code)s, p_area_code => %(area_code)s,
    p_visibility => %(visibility)s, p_wording => %(wording)s, p_updates => %(updates)s, p_tag => %(tag)s,
    p_suspicion => %(suspicion)s, p_token_hash => %(token_hash)s, p_code_hash => %(code_hash)s,
    p_message_id => %(message_id)s, p_quiet_since => %(quiet_since)s, p_now => %(now)s
)
"""


@dataclass(frozen=True)
class Answers:
    """A signer's answers, tidied, without the name if they chose "count me only"."""

    name: str
    email: str
    country: str
    outward_code: str
    kind: str
    organisation: str
    visibility: str
    updates: bool
    wording: int = 1
    area_code: str = ""
    tag: str = ""  # the slug of the tag in the link that the signer followed
    shown_name: str = ""
    town: str = ""
    role: str = ""
    link: str = ""
    automatic: bool = False
    network: bytes | None = None


def sign(slug: str, answers: Answers, now: datetime, email_hash: bytes | None = None) -> bool:
    """Store one signature and its message, once per address, in one statement; `now` is aware.

    Give `email_hash` for a second person with this address (`pledges.models.signatures.shared_mailbox`).

    Return whether a pledge with this slug is live and open at `now`, and ever had the wording in the answers.
    """
    with connection.cursor() as cursor:
        cursor.execute(SIGN, _values(slug, answers, now) | ({"email_hash": email_hash} if email_hash else {}))
        return cursor.fetchone()[0]


def _values(slug: str, answers: Answers, now: datetime) -> dict[str, Any]:
    """Return the values of the parameters of SIGN."""
    message_id = uuid.uuid4()
    return (
        vars(answers)
        | {name: _encrypted(getattr(answers, name), purpose) for name, purpose in PURPOSES.items()}
        | tokens.hashes(message_id)
        | {
            "slug": slug,
            "email_hash": address_hash(answers.email),
            "name_hash": name_hash(answers.name) if answers.name else None,
            "domain_hash": domain_hash(answers.email) if answers.email else None,
            "family_hash": family_hash(answers.email) if answers.email else None,
            "disposable": is_disposable(answers.email),
            "suspicion": "automatic" if answers.automatic else "",
            "message_id": message_id,
            "quiet_since": now - BETWEEN_MESSAGES,
            "now": now,
        }
    )


def _encrypted(text: str, purpose: str) -> bytes | None:
    return crypto.encrypt(text, purpose) if text else None
