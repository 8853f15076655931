"""Messages about failed payments, refunds, disputes and over-claims, to treasurer and donor."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.fundraising.models import DonationSettings, Notice
from actions.fundraising.models.notices import TO_DONOR, TO_TREASURER
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(TO_DONOR, gettext_lazy("Notice to a donor"))
def to_donor(message: Message) -> EmailMessage | None:
    """Return the message about a failed payment or a refund, or None if the donor's address is unknown."""
    notice = _notice(message)
    if notice is None or not notice.payment.donation.donor_email:
        return None
    with translation.override(notice.payment.fund.interface_language):
        body = render_to_string("fundraising/mail/notice_to_donor.txt", _context(notice))
        subject = _("About your donation to %(payee)s") % {"payee": notice.payment.fund.payee}
        return EmailMessage(subject=" ".join(subject.split()), body=body, to=[notice.payment.donation.donor_email])


@writes(TO_TREASURER, gettext_lazy("Notice to the treasurer"))
def to_treasurer(message: Message) -> EmailMessage | None:
    """Return the message that explains what happened and what to do, without naming the donor.

    Return None if the site has neither a treasurer's address nor a contact address.
    """
    notice, site = _notice(message), SiteSettings.current()
    address = DonationSettings.current().treasurer_email or site.contact_email
    if notice is None or not address:
        return None
    with translation.override(site.interface_language):
        body = render_to_string("fundraising/mail/notice_to_treasurer.txt", _context(notice))
        return EmailMessage(
            subject=_("Donations: %(kind)s") % {"kind": notice.get_kind_display()}, body=body, to=[address]
        )


def _notice(message: Message) -> Notice | None:
    related = ("payment__donation", "payment__fund")
    return Notice.objects.select_related(*related).filter(pk=message.object_id).first()


def _context(notice: Notice) -> dict[str, Any]:
    payment, kinds = notice.payment, Notice.Kind
    reversals = payment.refunds if notice.kind in (kinds.REFUND, kinds.REFUND_FAILED) else payment.disputes
    return {
        "kind": notice.kind,
        "payment": payment,
        "donation": payment.donation,
        "fund": payment.fund.as_published(),
        "reversal": reversals.filter(pk=notice.about).first(),
        "payment_url": settings.SITE_URL + reverse("admin:fundraising_payment_change", args=[payment.pk]),
        "over_claims_url": settings.SITE_URL + reverse("admin:fundraising_overclaim_changelist"),
        "portal_url": DonationSettings.current().portal_url if payment.donation.is_monthly else "",
        "site": SiteSettings.current(),
    }
