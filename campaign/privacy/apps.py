"""Encryption, keyed hashes, erasures and retention."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Encryption, keyed hashes, erasures and retention."""

    name = "campaign.privacy"
    verbose_name = _("privacy")

    def ready(self) -> None:
        from campaign.privacy import checks, hash_key, journal  # noqa: F401 - they register themselves

        post_migrate.connect(hash_key.remember, sender=self)
