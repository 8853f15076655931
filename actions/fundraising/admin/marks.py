"""Marks for test money in the admin's lists."""

from typing import Any

from django.utils.translation import gettext as _


def marked(text: Any, *, is_live: bool) -> str:
    """Return a text, marked if it is about test money: "paid" or "paid (test)"."""
    return str(text) if is_live else _("%(state)s (test)") % {"state": text}
