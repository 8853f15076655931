"""Giving: appeals elsewhere, gifts here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundraisingConfig(AppConfig):
    """Giving: appeals elsewhere, gifts here."""

    name = "actions.fundraising"
    verbose_name = _("giving")

    def ready(self) -> None:
        from actions.fundraising import (  # noqa: F401 - they register themselves
            alarm,
            checks,
            declaration_mail,
            gift_aid_retention,
            receipts,
            retention,
        )
