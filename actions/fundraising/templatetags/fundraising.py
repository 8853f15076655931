"""Template tags for amounts of money and for marking test money."""

from typing import Any

from django import template
from django.conf import settings

from actions.fundraising.models import DonationSettings
from actions.fundraising.stripe.checks import is_set_up
from campaign import money

register = template.Library()
register.filter("pounds", money.pounds)


@register.inclusion_tag("fundraising/_test_mode.html")
def money_mark(*, is_live: bool | None = None) -> dict[str, Any]:
    """Mark test money, either across the site or for a single donation with its own `is_live`."""
    if is_live or (is_live is None and settings.STRIPE_LIVE):
        return {}
    is_rehearsal = not DonationSettings.current().counts_live  # even if the test key has been removed
    return {"is_test": is_live is False or is_rehearsal or is_set_up(), "is_rehearsal": is_rehearsal}
