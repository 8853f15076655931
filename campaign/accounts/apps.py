"""Organisers' accounts: how they sign in, and what they may do."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from campaign import roles


class AccountsConfig(AppConfig):
    """Organisers' accounts: how they sign in, and what they may do."""

    name = "campaign.accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        from campaign.accounts import desk, emails, holdings, retention, tasks  # noqa: F401 - they register themselves

        autodiscover_modules("roles")
        post_migrate.connect(store_roles, sender=self)


def store_roles(*, using: str, apps: Any = apps, **kwargs: Any) -> None:
    """Bring the groups up to date. Django calls this after `migrate`, and after `flush`, when it passes no `apps`."""
    roles.store(apps, using)
