"""Versions of what organisers publish: drafts, scheduling, history and restoring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VersionsConfig(AppConfig):
    """Versions of what organisers publish: drafts, scheduling, history and restoring."""

    name = "campaign.versions"
    verbose_name = _("versions")
