"""Mailings: messages that organisers write to many supporters, each sent to a person at most once."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailingsConfig(AppConfig):
    """Mailings: messages that organisers write to many supporters, each sent to a person at most once."""

    name = "campaign.mailings"
    verbose_name = _("mailings")

    def ready(self) -> None:
        from campaign.mailings import approvals, desk, emails, holdings, metrics, retention, tasks  # noqa: F401
