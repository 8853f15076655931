"""Messages to people who sign.

Subject, sender and the first 200 characters say nothing about the campaign, because others may see them over a
signer's shoulder or on a locked phone. The templates in `templates/pledges/mail` begin accordingly.
"""

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.mail.discreet import discreet_sender
from campaign.mail.models import Message
from campaign.mail.writers import once, writes
from campaign.pages.models import SiteSettings
from campaign.privacy.crypto import token_hash
from pledges.models import ManageLink, Pledge, Signature
from pledges.models.manage_link import LINK_LIFE, MANAGE, manage_token, suppression_token
from pledges.signing.tokens import CONFIRM, confirmation_code, confirmation_token, oldest_confirmable


@writes(CONFIRM, gettext_lazy("Confirmation of a signature"), anybody_may_ask=True)
def confirmation(message: Message) -> EmailMessage | None:
    """Return the confirmation message, or None once confirmed, withdrawn, too old, or replaced by a newer message.

    It repeats nothing that was typed, because anybody can type somebody else's address.
    """
    token, now = confirmation_token(message.id), timezone.now()
    waiting = Signature.objects.confirmable(now).filter(pk=message.object_id, token_hash=token_hash(token))
    signature = waiting.first()
    if signature is None or signature.email is None:
        return None
    pledge = _pledge(signature)
    with translation.override(pledge.interface_language):
        subject = _("Please confirm your e-mail address")
        link = settings.SITE_URL + reverse("pledges:confirm", args=[token])
        code_url = settings.SITE_URL + reverse("pledges:check-your-email", args=[pledge.slug])
        # Fewer than usual if the message has been delayed.
        days = math.ceil((signature.confirmation_sent_at - oldest_confirmable(now)) / timedelta(days=1))
        context = {"pledge": pledge, "link": link, "days": days, "code_url": code_url}
        context["code"] = confirmation_code(message.id)
        return _message(signature.email, subject, "confirm", signature, context)


@writes(MANAGE, gettext_lazy("Link to manage a signature"), anybody_may_ask=True)
def manage(message: Message) -> EmailMessage | None:
    """Return the message with a manage link. Return None if the link is too old or no confirmed signature is found."""
    now = timezone.now()
    asked = ManageLink.objects.filter(pk=message.object_id, created_at__gt=now - LINK_LIFE).first()
    signature = asked.attach_signature(now) if asked else None
    if asked is None or signature is None:
        return None
    token, address, pledge = manage_token(asked.pk), asked.email or "", _pledge(signature)
    with translation.override(pledge.interface_language):
        subject = _("The link that you asked for")
        link = settings.SITE_URL + reverse("pledges:manage", args=[token])
        return _message(address, subject, "manage", signature, {"pledge": pledge, "link": link})


def _pledge(signature: Signature) -> Pledge:
    """Return the pledge as it was last published. It is read only once for the messages of a batch."""
    return once((Pledge, signature.pledge_id), lambda: signature.pledge.as_published())


def _message(address: str, subject: str, template: str, signature: Signature, context: dict[str, Any]) -> EmailMessage:
    never = settings.SITE_URL + reverse("pledges:unsubscribe", args=[suppression_token(signature.pk, address)])
    context |= {"site": once(SiteSettings, SiteSettings.current), "never": never}
    body = render_to_string(f"pledges/mail/{template}.txt", context)
    return EmailMessage(subject, body, discreet_sender(), [address])
