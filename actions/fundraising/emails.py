"""Receipts for donors, and an alarm to organisers if many donations fail, as when somebody is testing stolen cards."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.fundraising.models import Donation, DonationSettings, Payment
from actions.fundraising.models.claims import declaration_of
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings

RECEIPT = "fundraising.receipt"
ALARM = "fundraising.alarm"
HOUR = timedelta(hours=1)
QUIET = timedelta(hours=6)


def queue_receipt(payment: Payment, now: datetime) -> None:
    """Queue a payment's receipt in the caller's transaction, and record that, so that there is never a second one."""
    payment.receipted_at = now
    payment.save(update_fields=["receipted_at"])
    Message.objects.create(kind=RECEIPT, object_id=payment.pk, due_at=now)


@writes(RECEIPT, gettext_lazy("Receipt for a donation"))
def receipt(message: Message) -> EmailMessage | None:
    """Return the receipt, or None if the donor's address is unknown.

    It thanks the donor and states what was paid, to which charity and whether with Gift Aid.
    """
    payment = Payment.objects.select_related("donation", "fund").filter(pk=message.object_id).first()
    if payment is None or not payment.donation.donor_email:
        return None
    with translation.override(payment.fund.interface_language):
        context = {
            "payment": payment,
            "donation": payment.donation,
            "fund": payment.fund.as_published(),
            "is_gift_aided": declaration_of(Payment.objects.filter(pk=payment.pk)) is not None,
            "statement_url": settings.SITE_URL + reverse("fundraising:ask-for-statement"),
            "portal_url": DonationSettings.current().portal_url if payment.donation.is_monthly else "",
            "site": SiteSettings.current(),
        }
        subject = _("Your donation to %(payee)s") % {"payee": payment.fund.payee}
        body = render_to_string("fundraising/mail/receipt.txt", context)
        return EmailMessage(subject=" ".join(subject.split()), body=body, to=[payment.donation.donor_email])


def raise_alarm(donation: Donation, now: datetime) -> None:
    """Queue an alarm to the organisers if many donations failed in the last hour.

    Do nothing if one was queued in the last six hours, or once donations are stopped.
    """
    if count_failures(now) < settings.FAILED_DONATIONS_ALARM or not DonationSettings.current().is_open:
        return  # Once donations are stopped, we close payment pages ourselves, which is not a reason for an alarm.
    if not Message.objects.filter(kind=ALARM, created_at__gt=now - QUIET).exists():
        Message.objects.create(kind=ALARM, object_id=donation.pk, due_at=now)


def count_failures(now: datetime) -> int:
    """Count expired donations and refused payments in the hour before `now` (aware), each up to the alarm's limit."""
    limit = settings.FAILED_DONATIONS_ALARM
    expired = Donation.objects.filter(session_status=Donation.Session.EXPIRED, checked_at__gt=now - HOUR)[:limit]
    refused = Payment.objects.filter(status=Payment.Status.FAILED, created_at__gt=now - HOUR)[:limit]
    return expired.count() + refused.count()


@writes(ALARM, gettext_lazy("Alarm about failed donations"))
def alarm(message: Message) -> EmailMessage | None:
    """Return the alarm, with a link to the switch that stops donations. None if the site has no contact address."""
    site = SiteSettings.current()
    if not site.contact_email:
        return None
    with translation.override(site.interface_language):
        link = settings.SITE_URL + reverse("admin:fundraising_donationsettings_changelist")
        context = {"count": settings.FAILED_DONATIONS_ALARM, "settings_url": link, "site": site}
        body = render_to_string("fundraising/mail/alarm.txt", context)
        return EmailMessage(subject=_("Unusual number of failed donations"), body=body, to=[site.contact_email])
