"""A sender that gives nothing away on a phone's lock screen."""

from email.headerregistry import Address
from email.policy import SMTP

from django.conf import settings
from django.utils.translation import gettext as _


def discreet_sender() -> str:
    """Return the site's address under a name that says nothing about the campaign."""
    _name, header = SMTP.header_store_parse("From", settings.DEFAULT_FROM_EMAIL)
    [mailbox] = header.addresses
    return str(Address(_("Website messages"), addr_spec=mailbox.addr_spec))
