"""Clean the cells of published lists of members, by the same rules as the admin form."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actions.letters.recipients import Recipient
from campaign.forms.names import MAX_TIDIED, is_a_name, tidy

# What lists write for a missing value. "No email found" is from the Department for Education's list.
MISSING = re.compile(
    r"[\W_]*(?:n/?a|null|none|nil|unknown|tbc|tba|not (?:known|found|available)"
    r"|no [\w-]+(?: address)? (?:found|known))?[\W_]*",
    re.IGNORECASE,
)
MAILTO = re.compile(r"mailto:\s*", re.IGNORECASE)
NAMES = ("display_name", "salutation", "party")
# A seat's code or a year in a name: the columns have been swapped.
NUMBER = re.compile(r"\d{3}")


def clean(column: str, text: str) -> str:
    """Return a cell as Recipient's column stores it, or "" for a missing value.

    Raises ValidationError if the admin form would refuse the cell, or if a name has no letters or has a number in it.
    """
    if len(text) > MAX_TIDIED:
        raise ValidationError(_("This is too long."))
    tidied = tidy(text)
    if column == "email":
        tidied = MAILTO.sub("", tidied)
    if MISSING.fullmatch(tidied):
        return ""
    if column in NAMES and (not is_a_name(tidied) or NUMBER.search(tidied)):
        raise ValidationError(_("This is not a name."))
    field: Any = Recipient._meta.get_field(column)
    return field.clean(tidied, None)


def usable(column: str, text: str) -> str:
    """Return what `clean` returns, or "" for an unusable cell."""
    try:
        return clean(column, text)
    except ValidationError:
        return ""
