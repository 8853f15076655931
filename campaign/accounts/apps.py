"""How organisers sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """How organisers sign in."""

    name = "campaign.accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        from campaign.accounts import desk, tasks  # noqa: F401 - they register themselves
