"""Links by which signers look after their own signature, mailed when they ask for one.

Whoever asks is treated alike: one statement stores what was asked, and nothing is looked up while they wait, so that
the time of the answer tells nothing. Whether the address has signed is found when the message is written.
"""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField
from pledges.models.signature import Signature
from pledges.models.states import EVER_CONFIRMED

MANAGE = "pledges.manage"
NEVER = signing.Signer(salt="pledges.never")
UUID_BYTES = 16
LINK_LIFE = timedelta(days=settings.KEEP_LINKS_DAYS)

ASK = """
WITH asked AS (
    INSERT INTO pledges_managelink (id, pledge_id, email, token_hash, created_at)
    SELECT %(link)s, id, %(email)s, %(token_hash)s, %(now)s FROM pledges_pledge WHERE slug = %(slug)s
    RETURNING id
)
SELECT queue_message_1(p_id => %(message_id)s, p_kind => %(kind)s, p_object_id => asked.id, p_now => %(now)s) FROM asked
"""


class ManageLink(models.Model):
    """One link that was asked for, with the address, since "count me only" keeps none, and the signature, if any.

    It opens nothing before `lead` has found the signature.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pledge = models.ForeignKey("pledges.Pledge", models.CASCADE, related_name="+")
    signature = models.ForeignKey("pledges.Signature", models.CASCADE, null=True, related_name="links")
    email = EncryptedTextField(_("e-mail address"))
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def ask(cls, slug: str, email: str, now: datetime) -> None:
        """Store that this address asks, and queue the message; `now` is aware."""
        link = uuid.uuid4()
        values: dict[str, Any] = {
            "slug": slug,
            "email": crypto.encrypt(email, cls.email.field.purpose),
            "link": link,
            "token_hash": crypto.token_hash(manage_token(link)),
            "message_id": uuid.uuid4(),
            "kind": MANAGE,
            "now": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(ASK, values)

    def lead(self, now: datetime) -> Signature | None:
        """The confirmed signature of the address that asked, to which the link leads from now on (aware).

        None if there is none, or it has had its three messages of the day: then the link is gone; or if it is over.
        """
        signatures = Signature.objects
        if self.signature_id:
            led_to = signatures.filter(pk=self.signature_id, state__in=EVER_CONFIRMED)
            return led_to.select_related("pledge").first()
        signature = signatures.confirmed_by(self.pledge, address_hash(self.email or ""))
        if signature is None or not signatures.filter(pk=signature.pk).take_message(now):
            self.delete()
            return None
        self.signature = signature
        still_there = type(self).objects.filter(pk=self.pk).update(signature=signature)
        return signature if still_there else None

    @classmethod
    def signature_of(cls, token: str, now: datetime) -> Signature | None:
        """The signature, once confirmed, that the link leads to; None for a link that is unknown, too old, or over."""
        found = cls.objects.filter(token_hash=crypto.token_hash(token), created_at__gt=now - LINK_LIFE)
        link = found.filter(signature__state__in=EVER_CONFIRMED).select_related("signature__pledge").first()
        return link.signature if link else None


def manage_token(link_id: uuid.UUID) -> str:
    """The secret in the link; only its hash is stored."""
    return crypto.token(str(link_id), MANAGE)


def suppression_token(signature_id: uuid.UUID, address: str) -> str:
    """Return the "never write to me again" token for every message about this signature to this address.

    It holds the hash of the mailbox, since "count me only" keeps no address to compute it from.
    """
    return NEVER.sign(urlsafe_b64encode(signature_id.bytes + mailbox_hash(address)).decode())


def read_suppression_token(token: str) -> tuple[uuid.UUID, bytes] | None:
    """Return the signature that a message was about and the hash of the mailbox; None for a token that is not ours."""
    try:
        held = urlsafe_b64decode(NEVER.unsign(token))
        return uuid.UUID(bytes=held[:UUID_BYTES]), held[UUID_BYTES:]
    except (signing.BadSignature, ValueError):
        return None
