"""Messages to people who endorse the call, or make a commitment for a company.

The subject and the sender say nothing about the campaign, as in messages to signers. The message that asks for
confirmation repeats nothing that was typed, because anybody can type somebody else's address.
"""

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from actions.businesses.models import CommitmentOffer, EndorsementOffer
from actions.businesses.models.offers import COMMIT, ENDORSE, MANAGE, Offer
from campaign.confirming.models import oldest_confirmable
from campaign.confirming.never import never_token
from campaign.mail.discreet import discreet_sender
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(ENDORSE, gettext_lazy("Confirmation of an endorsement"), anybody_may_ask=True)
def endorsement(message: Message) -> EmailMessage | None:
    """Return the message that asks for confirmation, or None if nobody needs to confirm, or can, any more."""
    return _to_confirm(message, EndorsementOffer, "endorse")


@writes(COMMIT, gettext_lazy("Confirmation of a company’s commitment"), anybody_may_ask=True)
def commitment(message: Message) -> EmailMessage | None:
    """Return the message that asks for confirmation, or None if nobody needs to confirm, or can, any more."""
    return _to_confirm(message, CommitmentOffer, "commit")


@writes(MANAGE, gettext_lazy("Link for a company’s replies"))
def link_to_manage(message: Message) -> EmailMessage | None:
    """Return the message with the link for the company's replies, or None if the offer has been erased."""
    offer = CommitmentOffer.objects.confirmed().filter(pk=message.object_id).first()
    if offer is None:
        return None
    path = reverse("businesses:manage", args=[offer.manage_token])
    context = {"link": settings.SITE_URL + path, "until": offer.link_works_until}
    return _message(offer, gettext_lazy("Your link"), "manage", context)


def _to_confirm(message: Message, model: Any, kind: str) -> EmailMessage | None:
    now = timezone.now()
    offer = model.objects.confirmable(now).filter(pk=message.object_id).first()
    if offer is None:
        return None
    context = {
        "link": settings.SITE_URL + reverse("businesses:confirm", args=[offer.token]),
        "code_url": settings.SITE_URL + reverse(f"businesses:{kind}-check-your-email"),
        "code": offer.code,
        "kind": kind,
        # Fewer days than usual if the message has been delayed.
        "days": math.ceil((offer.asked_at - oldest_confirmable(now)) / timedelta(days=1)),
    }
    return _message(offer, gettext_lazy("Please confirm your e-mail address"), "confirm", context)


def _message(offer: Offer, subject: Any, template: str, context: dict[str, Any]) -> EmailMessage:
    site = SiteSettings.current()
    with translation.override(site.interface_language):
        never = settings.SITE_URL + reverse("businesses:unsubscribe", args=[never_token(offer)])
        body = render_to_string(f"businesses/mail/{template}.txt", context | {"site": site, "never": never})
        return EmailMessage(str(subject), body, discreet_sender(), [offer.email or ""])
