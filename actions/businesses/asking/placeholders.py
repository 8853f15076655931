"""Placeholders in letters to brands."""

from django.utils.translation import gettext_lazy as _

from campaign.letters.placeholders import Placeholders

PLACEHOLDERS = Placeholders(
    {
        "brand.name": _("[the brand’s name]"),
        "sender.name": _("[your name]"),
        "sender.town": _("[your town]"),
        "date": _("[today’s date]"),
    }
)


def check(text: str) -> None:
    """Raise ValidationError for a placeholder that isn't one of ours. Migrations import this by its name."""
    PLACEHOLDERS.check(text)
