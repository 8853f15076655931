"""The search of everything that is published."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """The search of everything that is published."""

    name = "campaign.search"
    verbose_name = _("search")

    def ready(self) -> None:
        from campaign.search import indexing  # noqa: F401 - it registers itself
