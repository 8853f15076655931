"""What we write to people who sign."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.language import speaking
from campaign.pages.models import SiteSettings
from campaign.privacy.crypto import token_hash
from pledges.models import Signature
from pledges.signing import CONFIRM, confirmation_token


@writes(CONFIRM)
def confirmation(message: Message) -> EmailMessage | None:
    """Ask to confirm. None once it is confirmed or withdrawn, or a newer message has replaced this one.

    It carries nothing that the sender typed: anybody can type somebody else's address.
    """
    token = confirmation_token(message.id)
    waiting = Signature.objects.filter(
        pk=message.object_id, state=Signature.State.PENDING, token_hash=token_hash(token)
    )
    signature = waiting.select_related("pledge").first()
    if signature is None or signature.email is None:
        return None
    pledge, site = signature.pledge, SiteSettings.current()
    with speaking(pledge.language):
        context = {
            "pledge": pledge,
            "site": site,
            "link": settings.SITE_URL + reverse("pledges:confirm", args=[token]),
            "days": settings.PLEDGE_CONFIRM_DAYS,
        }
        body = render_to_string("pledges/mail/confirm.txt", context)
        subject = _("Please confirm your signature: %(title)s") % {"title": pledge.title}
    return EmailMessage(subject=" ".join(subject.split()), body=body, to=[signature.email])
