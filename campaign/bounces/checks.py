"""Checks of the settings for a mail provider and for the mailbox of bounces."""

from typing import Any

from anymail.exceptions import AnymailInsecureWebhookWarning
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import get_connection

from campaign.bounces.mailboxes import SettingError, open_mailbox
from campaign.bounces.providers import names, webhook
from campaign.checks import START
from campaign.email_addresses.parsing import normalise

UNKNOWN = "EMAIL_PROVIDER must be one of %s."
OPEN_TO_ALL = (
    "Anybody could report bounces to the webhook of EMAIL_PROVIDER. Set ANYMAIL_WEBHOOK_SECRET to a name, a colon and "
    "a long random secret, or the provider’s signing key."
)
INCOMPLETE = (
    "EMAIL_PROVIDER needs a variable or a package that is missing: see the provider’s page in django-anymail’s "
    "documentation."
)
NOT_FOR_API = "BOUNCE_ADDRESS works only with EMAIL_URL: a provider whose API sends the mail gets the bounces itself."


@register(START)
def check_provider(**_options: Any) -> list[CheckMessage]:
    """Return an error if anybody could send events to the webhook, or if the provider’s settings are incomplete."""
    provider = settings.EMAIL_PROVIDER
    if not provider:
        return []
    if provider not in names():
        return [Error(UNKNOWN % ", ".join(sorted(names())), id="bounces.E001")]
    try:
        webhook(provider)
        get_connection()
    except AnymailInsecureWebhookWarning:
        return [Error(OPEN_TO_ALL, id="bounces.E002")]
    except ImproperlyConfigured:
        return [Error(INCOMPLETE, id="bounces.E003")]
    secrets = settings.ANYMAIL["WEBHOOK_SECRET"]
    return [Error(OPEN_TO_ALL, id="bounces.E002")] if any(":" not in secret for secret in secrets) else []


@register(START)
def check_bounces(**_options: Any) -> list[CheckMessage]:
    """Return an error if the bounce address or mailbox can’t be used, without repeating either."""
    errors: list[CheckMessage] = []
    if settings.BOUNCE_ADDRESS:
        try:
            normalise(settings.BOUNCE_ADDRESS)
        except ValidationError:
            errors.append(Error("BOUNCE_ADDRESS must be an e-mail address.", id="bounces.E004"))
        if settings.EMAIL_PROVIDER and not settings.EMAIL_IS_SMTP:
            errors.append(Error(NOT_FOR_API, id="bounces.E005"))
    try:
        open_mailbox(settings.BOUNCES_URL)
    except SettingError as reason:
        errors.append(Error(str(reason), id="bounces.E006"))
    return errors
