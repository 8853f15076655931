"""Checks of the Stripe settings: whether donations can be taken, and whether with real money."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from campaign.checks import START


def is_set_up() -> bool:
    """Return whether there is a Stripe key to take donations with."""
    return bool(settings.STRIPE_SECRET_KEY)


@register(START)
def check_stripe(**_options: Any) -> list[CheckMessage]:
    """Return an error for each setting that could lose real money or mix it up with test payments."""
    key, is_live = settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE
    errors = {
        "STRIPE_SECRET_KEY is a live key, but STRIPE_LIVE is off.": "_live_" in key and not is_live,
        "In live mode STRIPE_SECRET_KEY must be a live key.": is_live and "_live_" not in key,
        "In live mode DEBUG must be off.": is_live and settings.DEBUG,
        "In live mode SITE_URL must begin with https://.": is_live and not settings.IS_HTTPS,
        "In live mode STRIPE_WEBHOOK_SECRETS is needed.": is_live and not any(settings.STRIPE_WEBHOOK_SECRETS),
        "In live mode STRIPE_API_BASE must not be set.": is_live and bool(settings.STRIPE_API_BASE),
    }
    return [
        Error(message, id=f"fundraising.E{number:03}")
        for number, (message, is_wrong) in enumerate(errors.items(), start=1)
        if is_wrong
    ]
