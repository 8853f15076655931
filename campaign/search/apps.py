"""The search of everything that visitors may see."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """The search of everything that visitors may see."""

    name = "campaign.search"
    verbose_name = _("search")

    def ready(self) -> None:
        from campaign.search import indexing  # noqa: F401 - it registers itself
