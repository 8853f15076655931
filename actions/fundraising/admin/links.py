"""Links from one record to another in the admin."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from actions.fundraising.models import Payment
from campaign.money import pounds


def link_to_donation(key: Any) -> SafeString:
    """Return a link to a donation, labelled with the start of its ID so that the row need not be fetched."""
    return _link("donation", key, f"{str(key)[:8]}…")


def link_to_payment(payment: Payment) -> SafeString:
    """Return a link to a payment, such as "£10.00, 5 June 2026"."""
    day = date_format(localtime(payment.created_at), "j F Y")
    return _link("payment", payment.pk, f"{pounds(payment.amount_pence)}, {day}")


def link_to_declaration(key: Any) -> SafeString | str:
    """Return a link to a Gift Aid declaration, or "none"."""
    return _link("declaration", key, _("View the declaration")) if key else _("none")


def link_to_claim(number: int) -> SafeString:
    """Return a link to a Gift Aid claim."""
    return _link("claim", number, _("Claim %(number)s") % {"number": number})


def _link(model: str, key: Any, name: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"admin:fundraising_{model}_change", args=[key]), name)
