"""The fixed places in a letter where details of the writer and of the recipient go.

They look like a template's variables, but nothing is ever evaluated: each is replaced as it stands.
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
PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def check(text: str) -> None:
    """Raise ValidationError, naming it, for a placeholder that is not one of ours."""
    for name in PLACE.findall(text):
        if name not in PROMPTS:
            known = ", ".join(f"{{{{ {known} }}}}" for known in PROMPTS)
            raise ValidationError(
                _("“%(name)s” is no placeholder. You can use: %(known)s"),
                params={"name": name, "known": known},
            )


def fill(text: str, details: Mapping[str, str]) -> str:
    """The text with each placeholder replaced by its detail; by words in brackets where that is missing or empty."""

    def detail(found: re.Match[str]) -> str:
        return details.get(found[1]) or str(PROMPTS.get(found[1], found[0]))

    return PLACE.sub(detail, text)
