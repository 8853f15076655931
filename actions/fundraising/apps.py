"""Giving: appeals elsewhere, gifts here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundraisingConfig(AppConfig):
    """Giving: appeals elsewhere, gifts here."""

    name = "actions.fundraising"
    verbose_name = _("giving")

    def ready(self) -> None:
        from actions.fundraising import alarm, mode, receipts, retention  # noqa: F401 - they register themselves

        mode.check_mode()
