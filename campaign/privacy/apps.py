"""Encryption, keyed hashes and the guards of public forms."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Encryption, keyed hashes and the guards of public forms."""

    name = "campaign.privacy"
    verbose_name = _("privacy")

    def ready(self) -> None:
        from campaign.privacy import erasures  # noqa: F401 - it registers how long its journal is kept
