"""Cells of published lists of members, held to the rules of the admin's form."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from actions.letters.recipients import Recipient
from campaign.forms.names import MAX_TIDIED, is_a_name, tidy

# What lists write if they know nothing. "No email found" is from the list of the Department for Education.
MISSING = re.compile(
    r"[\W_]*(?:n/?a|null|none|nil|unknown|tbc|tba|not (?:known|found|available)"
    r"|no [\w-]+(?: address)? (?:found|known))?[\W_]*",
    re.IGNORECASE,
)
MAILTO = re.compile(r"mailto:\s*", re.IGNORECASE)
NAMES = ("display_name", "salutation", "party")
# The code of a seat, or a year, in the column of names: the columns have been swapped.
NUMBER = re.compile(r"\d{3}")


def clean(column: str, text: str) -> str:
    """Return a cell as the column of Recipient holds it, "" for one that says nothing.

    Raises ValidationError for a cell that the admin's form would refuse, or a name without letters or with a number.
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
    """Return the cell like `clean`, or "" if it is unusable."""
    try:
        return clean(column, text)
    except ValidationError:
        return ""
