"""Links, mailed on request, with which signers look after their own signatures.

Everybody who asks gets the same answer: one statement stores the request, and nothing is looked up while they wait, so
that the response time reveals nothing. We look up whether the address has signed when we write the message.
"""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection, models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from campaign.email_addresses.canonical import address_hash, mailbox_hash
from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField
from pledges.mailboxes import hashes_of
from pledges.models.signatures.shared_mailbox import second_of
from pledges.models.signatures.signature import Signature
from pledges.models.signatures.states import EVER_CONFIRMED

MANAGE = "pledges.manage"
NEVER = signing.Signer(salt="pledges.never")
UUID_BYTES = 16
LINK_LIFE = timedelta(days=settings.KEEP_LINKS_DAYS)

ASK = """
WITH asked AS (
    INSERT INTO pledges_managelink (id, pledge_id, email, token_hash, created_at)
    SELECT %(link)s, id, %(email)s, %(token_hash)s, %(now)s FROM pledges_pledge AS pledge WHERE slug = %(slug)s
    RETURNING id
)
SELECT queue_message_1(p_id => %(message_id)s, p_kind => %(kind)s, p_object_id => asked.id, p_now => %(now)s) FROM asked
"""
OFFER = ASK.replace(
    "WHERE",
    """WHERE EXISTS (
        SELECT FROM pledges_signature WHERE pledge_id = pledge.id AND email_hash = %(email_hash)s
            AND NOT updates AND visibility <> 'count' AND state = ANY(%(states)s)
    ) AND""",
)


class ManageLink(models.Model):
    """A requested link, with its own copy of the address, since "count me only" keeps none.

    It opens nothing until `attach_signature` has found the signature.
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
        """Store a request from this address, and queue the message; `now` is aware."""
        cls._store(ASK, slug, email, now)

    @classmethod
    def offer_news(cls, slug: str, email: str, now: datetime) -> None:
        """Ask for a manage link if a signer who gets no news has signed again, with the box for news ticked.

        Signing again doesn't change a confirmed signature, because somebody else may have typed the address. With the
        link, the signer can tick the box. "Count me only" can't get news, so nothing happens. One statement decides, so
        that every address takes the same queries. Call it in the transaction that signs, to save a second commit.
        """
        cls._store(OFFER, slug, email, now, email_hash=address_hash(email), states=list(EVER_CONFIRMED))

    @classmethod
    def _store(cls, statement: str, slug: str, email: str, now: datetime, **more: Any) -> None:
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
            cursor.execute(statement, values | more)

    def attach_signature(self, now: datetime) -> Signature | None:
        """Find and return the address's confirmed signature at `now` (aware), and make the link open it.

        Return None and delete the link if there is no such signature, or it has had its three messages for the day.
        Also return None if the link has been deleted in the meantime.
        """
        signatures = Signature.objects
        if self.signature_id:
            attached = signatures.filter(pk=self.signature_id, state__in=EVER_CONFIRMED)
            return attached.select_related("pledge").first()
        signature = self._find()
        if signature is None or not signatures.filter(pk=signature.pk).take_message(now):
            self.delete()
            return None
        self.signature = signature
        still_there = type(self).objects.filter(pk=self.pk).update(signature=signature)
        return signature if still_there else None

    def _find(self) -> Signature | None:
        """Lock and return the address's confirmed signature: the first or, failing that, the second."""
        first, second = hashes_of(self.email or "")
        locked = Signature.objects.select_for_update(of=("self",))
        return locked.confirmed_from(self.pledge, first).first() or locked.confirmed_from(self.pledge, second).first()

    @classmethod
    def opened_by(cls, token: str, now: datetime) -> "ManageLink | None":
        """Return the link with this token and its confirmed signature, or None if it is unknown, expired or used up."""
        found = cls.objects.filter(token_hash=crypto.token_hash(token), created_at__gt=now - LINK_LIFE)
        return found.filter(signature__state__in=EVER_CONFIRMED).select_related("signature__pledge").first()

    @cached_property
    def second(self) -> Signature | None:
        """Return the signature that was added to the one that the link opens, or None if there isn't one."""
        return second_of(self.signature) if self.signature else None

    @property
    def may_add_second(self) -> bool:
        """Return whether one more person may sign with this mailbox; False if the link opens the second signature."""
        first = self.signature
        is_first = first is not None and bytes(first.email_hash) == address_hash(self.email or "")
        return first is not None and is_first and first.pledge.as_published().is_open and self.second is None


def manage_token(link_id: uuid.UUID) -> str:
    """Return the secret in the link; only its hash is stored."""
    return crypto.token(str(link_id), MANAGE)


def suppression_token(signature_id: uuid.UUID, address: str) -> str:
    """Return the "never write to me again" token for every message about this signature to this address.

    It contains the mailbox's hash, because "count me only" keeps no address to compute the hash from.
    """
    return NEVER.sign(urlsafe_b64encode(signature_id.bytes + mailbox_hash(address)).decode())


def read_suppression_token(token: str) -> tuple[uuid.UUID, bytes] | None:
    """Return the key of a message's signature and the mailbox's hash, or None if the token isn't ours."""
    try:
        held = urlsafe_b64decode(NEVER.unsign(token))
        return uuid.UUID(bytes=held[:UUID_BYTES]), held[UUID_BYTES:]
    except (signing.BadSignature, ValueError):
        return None
