"""The message that asks people to confirm that they want news.

The subject, the sender and the first 200 characters say nothing about the campaign, because others may see them.
"""

import math
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.confirming.models import oldest_confirmable
from campaign.confirming.never import never_token
from campaign.mail.discreet import discreet_sender
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.news.models import CONFIRM, Subscriber
from campaign.pages.models import SiteSettings


@writes(CONFIRM, gettext_lazy("Confirmation that somebody wants news"), anybody_may_ask=True)
def confirmation(message: Message) -> EmailMessage | None:
    """Return the message that asks for confirmation. Return None if the address is confirmed or it is too late.

    It repeats nothing that was typed into the form, because anybody can type somebody else's address.
    """
    now = timezone.now()
    row = Subscriber.objects.confirmable(now).filter(pk=message.object_id).first()
    if row is None or not row.email:
        return None
    context = {
        "site": SiteSettings.current(),
        "link": settings.SITE_URL + reverse("news:confirm", args=[row.token]),
        "code": row.code,
        "code_url": settings.SITE_URL + reverse("news:check-your-email"),
        "days": math.ceil((row.asked_at - oldest_confirmable(now)) / timedelta(days=1)),
        "never": settings.SITE_URL + reverse("news:never", args=[never_token(row)]),
    }
    body = render_to_string("news/mail/confirm.txt", context)
    return EmailMessage(_("Please confirm your e-mail address"), body, discreet_sender(), [row.email])
