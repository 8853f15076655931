"""Telling the organisers when many gifts come to nothing: that is how stolen cards are tried out."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from actions.fundraising.donations import Donation, Payment
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings

ALARM = "fundraising.alarm"
HOUR = timedelta(hours=1)
QUIET = timedelta(hours=6)


def sound(donation: Donation, now: datetime) -> None:
    """Queue a message to the organisers if this failure is one of many in an hour and none was sent for six hours."""
    if failures(now) < settings.ALARM_FAILED_GIFTS:
        return
    if not Message.objects.filter(kind=ALARM, created_at__gt=now - QUIET).exists():
        Message.objects.create(kind=ALARM, object_id=donation.pk, due_at=now)


def failures(now: datetime) -> int:
    """How many gifts were given up or refused in the hour before `now` (aware); counted no further than the alarm."""
    most = settings.ALARM_FAILED_GIFTS
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
        switch = settings.SITE_URL + reverse("admin:fundraising_givingsettings_changelist")
        context = {"count": settings.ALARM_FAILED_GIFTS, "switch": switch, "site": site}
        body = render_to_string("fundraising/mail/alarm.txt", context)
        return EmailMessage(subject=_("Many gifts come to nothing"), body=body, to=[site.contact_email])
