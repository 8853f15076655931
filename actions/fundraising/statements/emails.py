"""The message with the link to a statement."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.fundraising.models import DonationSettings, StatementLink
from actions.fundraising.models.statements import STATEMENT
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(STATEMENT, gettext_lazy("Statement of donations"), anybody_may_ask=True)
def statement(message: Message) -> EmailMessage | None:
    """Return the message, or None if the link has expired or the address has never donated.

    In the second case, delete the link.
    """
    link = StatementLink.objects.valid(timezone.now()).filter(pk=message.object_id).first()
    if link is None or not link.email:
        return None
    if not link.payments().exists():
        link.delete()
        return None
    site = SiteSettings.current()
    with translation.override(site.interface_language):
        url = settings.SITE_URL + reverse("fundraising:statement", args=[link.token])
        context = {"link": url, "is_live": DonationSettings.current().counts_live, "site": site}
        body = render_to_string("fundraising/mail/statement.txt", context)
        return EmailMessage(subject=_("The link that you asked for"), body=body, to=[link.email])
