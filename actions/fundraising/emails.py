"""Receipts to donors, and the alarm to organisers when many donations fail: that is how stolen cards are tried out."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from actions.fundraising.models import Donation, DonationSettings, Payment
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.money import pounds
from campaign.pages.models import SiteSettings

RECEIPT = "fundraising.receipt"
ALARM = "fundraising.alarm"
HOUR = timedelta(hours=1)
QUIET = timedelta(hours=6)


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
            "portal_url": DonationSettings.current().portal_url if payment.donation.is_monthly else "",
            "site": SiteSettings.current(),
        }
        subject = _("Your donation to %(payee)s") % {"payee": payment.fund.payee}
        body = render_to_string("fundraising/mail/receipt.txt", context)
        return EmailMessage(subject=" ".join(subject.split()), body=body, to=[payment.donation.donor_email])


def raise_alarm(donation: Donation, now: datetime) -> None:
    """Queue a message to the organisers if this failure is one of many in an hour and none was sent for six hours."""
    if count_failures(now) < settings.FAILED_DONATIONS_ALARM:
        return
    if not Message.objects.filter(kind=ALARM, created_at__gt=now - QUIET).exists():
        Message.objects.create(kind=ALARM, object_id=donation.pk, due_at=now)


def count_failures(now: datetime) -> int:
    """How many gifts were given up or refused in the hour before `now` (aware); counted no further than the alarm."""
    most = settings.FAILED_DONATIONS_ALARM
    given_up = Donation.objects.filter(session_status=Donation.Session.EXPIRED, checked_at__gt=now - HOUR)[:most]
    refused = Payment.objects.filter(status=Payment.Status.FAILED, created_at__gt=now - HOUR)[:most]
    return given_up.count() + refused.count()


@writes(ALARM)
def alarm(message: Message) -> EmailMessage | None:
    """Say what happens and where the switch is. None where the organisers have no address."""
    site = SiteSettings.current()
    if not site.contact_email:
        return None
    with translation.override(site.language):
        switch = settings.SITE_URL + reverse("admin:fundraising_donationsettings_changelist")
        context = {"count": settings.FAILED_DONATIONS_ALARM, "switch": switch, "site": site}
        body = render_to_string("fundraising/mail/alarm.txt", context)
        return EmailMessage(subject=_("Many gifts come to nothing"), body=body, to=[site.contact_email])
