"""Links to statements of a tax year's donations, mailed to donors on request.

Everybody who asks gets the same answer: one SQL statement stores the request, and nothing is looked up while they wait,
so the response time reveals nothing. We look up whether the address has donated when we write the message.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.claims import declaration_key
from actions.fundraising.models.funds import DonationSettings
from actions.fundraising.models.payments import Payment, PaymentQuerySet
from campaign.email_addresses.canonical import address_hash
from campaign.privacy import crypto
from campaign.privacy.encrypted_field import EncryptedTextField

STATEMENT = "fundraising.statement"
LINK_LIFE = timedelta(days=settings.KEEP_LINKS_DAYS)
# Fields of a donation that no list of payments or declarations needs.
UNUSED = [f"donation__{name}" for name in ("parameters", "public_name", "in_memory_of", "donor_name", "donor_email")]

ASK = """
WITH asked AS (
    INSERT INTO fundraising_statementlink (id, email, tax_year, token_hash, created_at)
    VALUES (%(link)s, %(email)s, %(tax_year)s, %(token_hash)s, %(now)s)
    RETURNING id
)
SELECT queue_message_1(p_id => %(message_id)s, p_kind => %(kind)s, p_object_id => asked.id, p_now => %(now)s) FROM asked
"""


class StatementLinkQuerySet(models.QuerySet["StatementLink"]):
    """Queries for links to statements."""

    def valid(self, now: datetime) -> Self:
        """Return links that have not expired at `now` (aware)."""
        return self.filter(created_at__gt=now - LINK_LIFE)

    def by_token(self, token: str) -> Self:
        """Return the link with this token."""
        return self.filter(token_hash=crypto.token_hash(token))


class StatementLink(models.Model):
    """A requested link to an address's donations in the tax year that begins in the calendar year `tax_year`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = EncryptedTextField(_("e-mail address"))
    tax_year = models.PositiveSmallIntegerField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(db_index=True)

    objects: ClassVar = StatementLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def ask(cls, email: str, tax_year: int, now: datetime) -> None:
        """Store a request from this address, and queue the message; `now` is aware."""
        link = cls(id=uuid.uuid4())
        values: dict[str, Any] = {
            "link": link.id,
            "email": crypto.encrypt(email, cls.email.field.purpose),
            "tax_year": tax_year,
            "token_hash": crypto.token_hash(link.token),
            "message_id": uuid.uuid4(),
            "kind": STATEMENT,
            "now": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(ASK, values)

    @property
    def token(self) -> str:
        """Return the secret in the link; only its hash is stored."""
        return crypto.token(str(self.pk), STATEMENT)

    def payments(self) -> PaymentQuerySet:
        """Return all completed payments in pounds by the donor with this address.

        As on all other pages, they are real payments or, in a rehearsal, test payments.
        """
        donor, is_live = address_hash(self.email or ""), DonationSettings.current().counts_live
        return Payment.objects.completed(is_live).filter(currency="gbp", donation__donor_hash=donor)

    def payments_between(self, begins_at: datetime, ends_before: datetime) -> PaymentQuerySet:
        """Return a period's payments, oldest first, with their Gift Aid declaration's key as `declared_by`."""
        payments = self.payments().filter(paid_at__gte=begins_at, paid_at__lt=ends_before)
        declared = payments.with_declaration(declaration_key())
        return declared.select_related("fund", "donation").defer(*UNUSED).order_by("paid_at", "pk")
