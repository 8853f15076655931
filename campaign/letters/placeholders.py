"""Placeholders in letters for details of the writer and the recipient.

They look like a template's variables, but nothing is evaluated: each is simply replaced.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class Placeholders:
    """The placeholders of one kind of letter. Each has a prompt in brackets, shown where its detail is missing."""

    prompts: Mapping[str, Any]

    def check(self, text: str) -> None:
        """Raise ValidationError for a placeholder of another kind, naming it."""
        for name in PLACEHOLDER.findall(text):
            if name not in self.prompts:
                known = ", ".join(f"{{{{ {known} }}}}" for known in self.prompts)
                raise ValidationError(
                    _("“%(name)s” is not a placeholder. You can use: %(known)s"),
                    params={"name": name, "known": known},
                )

    def fill(self, text: str, details: Mapping[str, str]) -> str:
        """Replace each placeholder with its detail, or with its prompt if that is missing or empty."""

        def detail(match: re.Match[str]) -> str:
            return details.get(match[1]) or str(self.prompts.get(match[1], match[0]))

        return PLACEHOLDER.sub(detail, text)
