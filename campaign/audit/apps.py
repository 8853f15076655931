"""The audit log: what organisers did, in rows that can be added but neither changed nor deleted."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The audit log: what organisers did, in rows that can be added but neither changed nor deleted."""

    name = "campaign.audit"
    verbose_name = _("audit log")

    def ready(self) -> None:
        from campaign.audit import chain, retention  # noqa: F401 - they register themselves
