"""Whether the addresses that messages come from can be used: one wrong character would stop all mail."""

from email.errors import HeaderParseError, ObsoleteHeaderDefect
from email.policy import SMTP
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.mail.message import sanitize_address

FAULT = (
    "%s must be one e-mail address in plain ASCII letters, such as noreply@campaign.example, with or without a name: "
    '"Action, UK" <noreply@campaign.example>. A name with a comma in it needs the quotation marks.'
)

# What the standard library's parser has been seen to raise: 300,000 random strings brought forth all of these.
UNREADABLE = (HeaderParseError, ValueError, LookupError, AttributeError, TypeError, NameError)


@register(Tags.compatibility)
def check_senders(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Tell `check`, and each command that runs the checks, of a sender that can't be used."""
    return [Error(fault, id="mail.E001") for fault in sender_faults()]


def sender_faults() -> list[str]:
    """Return a sentence for each setting whose address can't be used; it does not repeat the address."""
    names = {settings.SERVER_EMAIL: "SERVER_EMAIL", settings.DEFAULT_FROM_EMAIL: "DEFAULT_FROM_EMAIL"}
    return [FAULT % name for sender, name in names.items() if not can_send(sender)]


def can_send(sender: str) -> bool:
    """Return whether it is one mailbox that both the From line and the envelope take as it stands."""
    try:
        _name, header = SMTP.header_store_parse("From", sender)
        sanitize_address(sender, "utf-8")  # what Django's SMTP backend does to it, with each message
        [mailbox] = header.addresses
    except UNREADABLE:
        return False
    return all(isinstance(each, ObsoleteHeaderDefect) for each in header.defects) and mailbox.addr_spec.isascii()
