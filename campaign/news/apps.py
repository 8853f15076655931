"""News without signing: people who only want news, and the pages on which everybody unsubscribes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    """News without signing, and unsubscribing from news."""

    name = "campaign.news"
    verbose_name = _("news")

    def ready(self) -> None:
        from campaign.news import (  # noqa: F401 - they register themselves
            desk,
            emails,
            erasure_replay,
            holdings,
            retention,
            source,
        )
