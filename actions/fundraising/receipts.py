"""Receipts: one for each payment, by our own outbox."""

from datetime import datetime

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from actions.fundraising.donations import Payment
from actions.fundraising.funds import GivingSettings
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.money import pounds
from campaign.pages.models import SiteSettings

RECEIPT = "fundraising.receipt"


def queue_receipt(payment: Payment, now: datetime) -> None:
    """Queue the receipt of a payment, in the caller's transaction, and note it, so that there is never a second."""
    payment.receipted_at = now
    payment.save(update_fields=["receipted_at"])
    Message.objects.create(kind=RECEIPT, object_id=payment.pk, due_at=now)


@writes(RECEIPT)
def receipt(message: Message) -> EmailMessage | None:
    """Thank the donor, with what was paid, when, and to whom. None where no address is known."""
    payment = Payment.objects.select_related("donation", "fund").filter(pk=message.object_id).first()
    if payment is None or not payment.donation.donor_email:
        return None
    with translation.override(payment.fund.language):
        context = {
            "payment": payment,
            "fund": payment.fund,
            "amount": pounds(payment.amount_pence),
            "portal_url": GivingSettings.current().portal_url if payment.donation.is_monthly else "",
            "site": SiteSettings.current(),
        }
        subject = _("Your donation to %(payee)s") % {"payee": payment.fund.payee}
        body = render_to_string("fundraising/mail/receipt.txt", context)
        return EmailMessage(subject=" ".join(subject.split()), body=body, to=[payment.donation.donor_email])
