"""Placeholders in letters for details of the writer and the recipient.

They look like a template's variables, but nothing is evaluated: each is simply replaced.
"""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROMPTS: dict[str, Promise] = {
    "date": _("[today’s date]"),
    "sender.name": _("[your name]"),
    "sender.address": _("[your full address and postcode]"),
    "mp.display_name": _("[your MP’s name]"),
    "mp.salutation": _("[your MP’s name]"),
    "constituency.name": _("[your constituency]"),
}
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def check(text: str) -> None:
    """Raise ValidationError for a placeholder that isn't one of ours, naming it."""
    for name in PLACEHOLDER.findall(text):
        if name not in PROMPTS:
            known = ", ".join(f"{{{{ {known} }}}}" for known in PROMPTS)
            raise ValidationError(
                _("“%(name)s” is not a placeholder. You can use: %(known)s"),
                params={"name": name, "known": known},
            )


def fill(text: str, details: Mapping[str, str]) -> str:
    """Replace each placeholder with its detail, or with a prompt in brackets if that is missing or empty."""

    def detail(match: re.Match[str]) -> str:
        return details.get(match[1]) or str(PROMPTS.get(match[1], match[0]))

    return PLACEHOLDER.sub(detail, text)
