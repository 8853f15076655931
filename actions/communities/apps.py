"""The engagement plan, and the communities that take part."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from campaign.pages.embeds import Embeddable, embeddable
from campaign.search.registry import Searchable, searchable


class CommunitiesConfig(AppConfig):
    """The engagement plan, and the communities that take part."""

    name = "actions.communities"
    verbose_name = _("communities")

    def ready(self) -> None:
        from actions.communities import (  # noqa: F401 - they register themselves
            desk,
            emails,
            erasure_replay,
            holdings,
            retention,
            tasks,
        )

        embeddable(Embeddable(_("Plans for communities"), "communities.plan", "communities/_embed.html"))
        parts = {"steps": ("title", "details", "takes"), "materials": ("title",)}
        searchable(Searchable("communities.plan", ("summary", "details"), parts, only_first=True))
