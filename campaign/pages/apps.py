"""Content pages, their blocks, the menu and the site's own settings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Content pages, their blocks, the menu and the site's own settings."""

    name = "campaign.pages"
    verbose_name = _("pages")

    def ready(self) -> None:
        from campaign.pages import uses  # noqa: F401 - it registers itself
        from campaign.pages.embeds import Embeddable, embeddable

        embeddable(Embeddable(_("Updates"), "pages.update", "updates/_embed.html"))
