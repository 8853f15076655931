"""The copy of a Gift Aid declaration that its donor gets, with the link to cancel it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from actions.fundraising.models import Declaration
from actions.fundraising.models.declarations import DECLARATION
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(DECLARATION)
def declaration(message: Message) -> EmailMessage | None:
    """Show donors what they declared. None once it is cancelled or forgotten, or where no address is known."""
    standing = Declaration.objects.readable().filter(pk=message.object_id, cancelled_at=None)
    found = standing.select_related("donation__fund").first()
    if found is None or not found.donation.donor_email:
        return None
    with translation.override(found.donation.fund.language):
        link = settings.SITE_URL + reverse("fundraising:gift-aid", args=[found.token])
        context = {"declaration": found, "link": link, "site": SiteSettings.current()}
        body = render_to_string("fundraising/mail/declaration.txt", context)
        return EmailMessage(subject=_("Your Gift Aid declaration"), body=body, to=[found.donation.donor_email])
