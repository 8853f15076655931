"""Whether gifts can be taken, and whether with real money."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def is_set_up() -> bool:
    """Whether there is a key to take gifts with."""
    return bool(settings.STRIPE_SECRET_KEY)


def check_mode() -> None:
    """Raise ImproperlyConfigured for settings with which real money could be lost or mixed up with play money."""
    key, is_live = settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE
    faults = {
        "STRIPE_SECRET_KEY is a live key, but STRIPE_LIVE is off.": "_live_" in key and not is_live,
        "In live mode STRIPE_SECRET_KEY must be a live key.": is_live and "_live_" not in key,
        "In live mode DEBUG must be off.": is_live and settings.DEBUG,
        "In live mode SITE_URL must begin with https://.": is_live and not settings.IS_HTTPS,
        "In live mode STRIPE_WEBHOOK_SECRETS is needed.": is_live and not any(settings.STRIPE_WEBHOOK_SECRETS),
        "In live mode STRIPE_API_BASE must not be set.": is_live and bool(settings.STRIPE_API_BASE),
    }
    found = [what for what, is_so in faults.items() if is_so]
    if found:
        raise ImproperlyConfigured(" ".join(found))
