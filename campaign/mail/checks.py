"""Checks that the sender addresses are usable, because one wrong character would stop all mail."""

import re
from email.errors import HeaderParseError, ObsoleteHeaderDefect
from email.policy import SMTP
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.mail.message import sanitize_address

from campaign.checks import START

FAULT = (
    "%s must be one e-mail address in plain ASCII letters, such as noreply@campaign.example, with or without a name: "
    '"Action, UK" <noreply@campaign.example>. A name with a comma in it needs the quotation marks.'
)

# Exceptions that the standard library's parser has raised: 300,000 random strings produced all of them.
UNREADABLE = (HeaderParseError, ValueError, LookupError, AttributeError, TypeError, NameError)

# Most addresses look like this. It saves parsing them, which takes a quarter of a millisecond.
PLAIN = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
MAX_PLAIN = 200


@register(START)
def check_senders(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return an error for each setting with an unusable address, without repeating the address."""
    names = {settings.SERVER_EMAIL: "SERVER_EMAIL", settings.DEFAULT_FROM_EMAIL: "DEFAULT_FROM_EMAIL"}
    return [Error(FAULT % name, id="mail.E001") for sender, name in names.items() if not can_send(sender)]


def can_send(address: str) -> bool:
    """Return whether the address is a single mailbox that both the From header and the envelope accept unchanged."""
    if len(address) <= MAX_PLAIN and PLAIN.fullmatch(address):
        return True
    try:
        _name, header = SMTP.header_store_parse("From", address)
        sanitize_address(address, "utf-8")  # as Django's SMTP backend does for each message
        [mailbox] = header.addresses
    except UNREADABLE:
        return False
    return all(isinstance(each, ObsoleteHeaderDefect) for each in header.defects) and mailbox.addr_spec.isascii()
