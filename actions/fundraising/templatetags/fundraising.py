"""Amounts of money, and the mark of test money, in templates."""

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
    """Mark test money: on the whole site, or for a single donation with its own `is_live`."""
    is_test = is_set_up() and not settings.STRIPE_LIVE if is_live is None else not is_live
    return {"is_test": is_test, "is_rehearsal": is_test and not DonationSettings.current().counts_live}
