"""Messages to organisers: a one-time link, and a report of a sign-in from an unknown browser."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.accounts.models import NEW_BROWSER, SIGN_IN_LINK, NewBrowser, OrganiserAddress
from campaign.accounts.organisers import has_second_factor
from campaign.accounts.sign_in.links import link_for
from campaign.mail.models import Message
from campaign.mail.writers import writes
from campaign.pages.models import SiteSettings


@writes(SIGN_IN_LINK, gettext_lazy("Sign-in link for an organiser"))
def sign_in_link(message: Message) -> EmailMessage | None:
    """Return a message with a new link, or None if the account has been deleted or closed."""
    address = OrganiserAddress.objects.filter(pk=message.object_id, organiser__is_active=True).first()
    if address is None:
        return None
    link = link_for(address.organiser, settings.SITE_URL)
    context = {"link": link, "is_new": not has_second_factor(address.organiser)}
    return _written(address, "sign_in_link", lambda: _("Your link to sign in"), context)


@writes(NEW_BROWSER, gettext_lazy("Sign-in from a new browser"))
def new_browser(message: Message) -> EmailMessage | None:
    """Return a message about one sign-in, or None if the account or its address has been deleted."""
    sign_in = NewBrowser.objects.filter(pk=message.object_id).first()
    address = OrganiserAddress.objects.filter(organiser=sign_in.organiser_id).first() if sign_in else None
    if address is None:
        return None
    sign_in_page = settings.SITE_URL + reverse("account_login")
    context = {"sign_in": sign_in, "sign_in_page": sign_in_page}
    return _written(address, "new_browser", lambda: _("A sign-in from a new browser"), context)


def _written(address: OrganiserAddress, template: str, subject: Any, context: dict[str, Any]) -> EmailMessage:
    site = SiteSettings.current()
    with translation.override(site.interface_language):
        context |= {"site": site, "organiser": address.organiser}
        body = render_to_string(f"accounts/mail/{template}.txt", context)
        return EmailMessage(subject=subject(), body=body, to=[str(address.email)])
