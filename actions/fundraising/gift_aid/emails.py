"""The copy of a Gift Aid declaration for its donor, with the link to cancel it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.fundraising.models import Declaration
from actions.fundraising.models.declarations import DECLARATION
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(DECLARATION, gettext_lazy("Copy of a Gift Aid declaration"))
def declaration(message: Message) -> EmailMessage | None:
    """Return the copy, or None if the declaration is cancelled or erased, or the donor's address is unknown."""
    valid = Declaration.objects.readable().filter(pk=message.object_id, cancelled_at=None)
    declaration = valid.select_related("donation__fund").first()
    if declaration is None or not declaration.donation.donor_email:
        return None
    with translation.override(declaration.donation.fund.interface_language):
        link = settings.SITE_URL + reverse("fundraising:gift-aid", args=[declaration.token])
        context = {"declaration": declaration, "link": link, "site": SiteSettings.current()}
        body = render_to_string("fundraising/mail/declaration.txt", context)
        return EmailMessage(subject=_("Your Gift Aid declaration"), body=body, to=[declaration.donation.donor_email])
