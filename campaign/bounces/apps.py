"""Bounces and spam reports, which reach us from a mail provider or in a mailbox."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BouncesConfig(AppConfig):
    """Bounces and spam reports, which reach us from a mail provider or in a mailbox."""

    name = "campaign.bounces"
    verbose_name = _("bounces")

    def ready(self) -> None:
        from campaign.bounces import checks  # noqa: F401 - it registers itself
