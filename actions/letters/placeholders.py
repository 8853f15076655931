"""Placeholders in letters to members of a body, such as the House of Commons."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from campaign.letters.placeholders import Placeholders

PROMPTS = {
    "date": _("[today’s date]"),
    "sender.name": _("[your name]"),
    "sender.address": _("[your full address and postcode]"),
    "mp.display_name": _("[your MP’s name]"),
    "mp.salutation": _("[your MP’s name]"),
    "constituency.name": _("[your constituency]"),
}
PLACEHOLDERS = Placeholders(PROMPTS)


def check(text: str) -> None:
    """Raise ValidationError for a placeholder that isn't one of ours. Migrations import this by its name."""
    PLACEHOLDERS.check(text)


def fill(text: str, details: Mapping[str, str]) -> str:
    """Replace each placeholder with its detail, or with a prompt in brackets if that is missing or empty."""
    return PLACEHOLDERS.fill(text, details)
