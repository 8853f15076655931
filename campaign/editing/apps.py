"""The editor for organisers: drafts that can't be lost, previews, publishing and history."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditingConfig(AppConfig):
    """The editor for organisers: drafts that can't be lost, previews, publishing and history."""

    name = "campaign.editing"
    verbose_name = _("editing")

    def ready(self) -> None:
        """Register the retention rules."""
        from campaign.editing import retention  # noqa: F401 - it needs the models
