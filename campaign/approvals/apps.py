"""Dangerous acts: they ask first, can be undone, and need a second organiser where many people are affected."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    """Dangerous acts: they ask first, can be undone, and need a second organiser where many people are affected."""

    name = "campaign.approvals"
    verbose_name = _("approvals")

    def ready(self) -> None:
        from campaign.approvals import retention, tasks  # noqa: F401 - they register themselves
