"""Approval of dangerous actions, which can be undone, and need a second organiser if they affect many people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    """Approval of dangerous actions, which can be undone, and need a second organiser if they affect many people."""

    name = "campaign.approvals"
    verbose_name = _("approvals")

    def ready(self) -> None:
        from campaign.approvals import desk, lost_phones, retention, tasks, withdrawn_files  # noqa: F401 - they register
