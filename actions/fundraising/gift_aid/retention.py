"""Retention of Gift Aid declarations: for as long as HMRC may ask to see them."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models import ClaimLine, Declaration, Payment
from campaign.privacy.retention import rule


@rule(_("Name and home address in a Gift Aid declaration, after its last claim"), "KEEP_GIFT_AID_DAYS")
def erase_declarations(before: datetime) -> int:
    """Erase names and addresses in declarations made, last claimed on and last paid on before then (aware)."""
    claims = ClaimLine.objects.filter(declaration=OuterRef("pk"), claim__made_at__gte=before)
    payments = Payment.objects.filter(donation=OuterRef("donation"), created_at__gte=before)
    old = Declaration.objects.filter(made_at__lt=before).exclude(Exists(claims)).exclude(Exists(payments))
    return old.erase_personal_data()
