"""Links by which signers look after their own signature, mailed when they ask for one.

One statement finds the signature, makes the link and queues the message, so that the answer takes as long for an
address that has signed as for one that has not.
"""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from campaign.privacy import crypto
from campaign.privacy.addresses import address_hash
from campaign.privacy.fields import EncryptedTextField
from pledges.querysets import HELD
from pledges.signing import DAY, MESSAGES_A_DAY

if TYPE_CHECKING:
    from pledges.models import Signature

MANAGE = "pledges.manage"
NEVER = signing.Signer(salt="pledges.never")
LINK_LIFE = timedelta(days=settings.KEEP_LINKS_DAYS)

ASK = """
WITH found AS (
    UPDATE pledges_signature AS old SET
        messages = CASE WHEN old.messages_since <= %(day_ago)s THEN 1 ELSE old.messages + 1 END,
        messages_since = CASE WHEN old.messages_since <= %(day_ago)s THEN %(now)s ELSE old.messages_since END
    FROM pledges_pledge
    WHERE pledges_pledge.slug = %(slug)s AND old.pledge_id = pledges_pledge.id
        AND old.email_hash = %(email_hash)s AND old.state IN ('confirmed', 'suspected', 'invalidated')
        AND (old.messages < %(messages_a_day)s OR old.messages_since <= %(day_ago)s)
    RETURNING old.id
), linked AS (
    INSERT INTO pledges_managelink (id, signature_id, email, token_hash, created_at)
    SELECT %(link)s, found.id, %(email)s, %(token_hash)s, %(now)s FROM found
    RETURNING id
)
INSERT INTO mail_message (id, kind, object_id, created_at, due_at, attempts, outcome, problem)
SELECT %(message)s, %(kind)s, linked.id, %(now)s, %(now)s, 0, 'waiting', '' FROM linked
"""


class ManageLink(models.Model):
    """One link to one signature. It holds the address that asked, since "count me only" keeps none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signature = models.ForeignKey("pledges.Signature", models.CASCADE, related_name="links")
    email: "models.Field[str | None, str | None]" = EncryptedTextField(_("e-mail address"))
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def ask(cls, slug: str, email: str, now: datetime) -> None:
        """Queue a link for the confirmed signature of this address, if there is one; `now` is aware."""
        link = uuid.uuid4()
        field = cls._meta.get_field("email")
        values: dict[str, Any] = {
            "slug": slug,
            "email_hash": address_hash(email),
            "email": crypto.encrypt(email, field.purpose()),
            "link": link,
            "token_hash": crypto.token_hash(manage_token(link)),
            "message": uuid.uuid4(),
            "kind": MANAGE,
            "now": now,
            "day_ago": now - DAY,
            "messages_a_day": MESSAGES_A_DAY,
        }
        with connection.cursor() as cursor:
            cursor.execute(ASK, values)

    @classmethod
    def signature_of(cls, token: str, now: datetime) -> "Signature | None":
        """The signature, once confirmed, that the link leads to; None for a link that is unknown, too old, or over."""
        found = cls.objects.filter(token_hash=crypto.token_hash(token), created_at__gt=now - LINK_LIFE)
        link = found.filter(signature__state__in=HELD).select_related("signature__pledge").first()
        return link.signature if link else None


def manage_token(link_id: uuid.UUID) -> str:
    """The secret in the link; only its hash is stored."""
    return crypto.token(str(link_id), MANAGE)


def never_token(signature_id: uuid.UUID) -> str:
    """What leads to the page "never write to me again", in every message about this signature."""
    return NEVER.sign(signature_id.hex)


def signature_id_of(token: str) -> uuid.UUID | None:
    """The signature that a message with this token was about; None for a token that is not ours."""
    try:
        return uuid.UUID(NEVER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
