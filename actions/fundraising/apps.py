"""Giving: appeals elsewhere, gifts here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundraisingConfig(AppConfig):
    """Giving: appeals elsewhere, gifts here."""

    name = "actions.fundraising"
    verbose_name = _("giving")

    def ready(self) -> None:
        from actions.fundraising import emails, retention  # noqa: F401 - they register themselves
        from actions.fundraising.gift_aid import emails as gift_aid_emails  # noqa: F401
        from actions.fundraising.gift_aid import retention as gift_aid_retention  # noqa: F401
        from actions.fundraising.stripe import checks  # noqa: F401
