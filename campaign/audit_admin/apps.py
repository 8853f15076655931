"""Reading the audit log in the admin, and redacting its entries.

This app is separate from the log because accounts and approvals write to the log, and imports must not be circular.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditAdminConfig(AppConfig):
    """Reading the audit log in the admin, and redacting its entries."""

    name = "campaign.audit_admin"
    verbose_name = _("audit log")

    def ready(self) -> None:
        from campaign.audit_admin import redaction  # noqa: F401 - it registers itself
