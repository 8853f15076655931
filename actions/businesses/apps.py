"""The call to action for businesses, and the brands' answers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from campaign.pages.embeds import Embeddable, embeddable
from campaign.search.registry import Searchable, searchable


class BusinessesConfig(AppConfig):
    """The call to action for businesses, and the brands' answers."""

    name = "actions.businesses"
    verbose_name = _("businesses")

    def ready(self) -> None:
        from actions.businesses import approvals, chain, desk, holdings, retention, tasks, uses  # noqa: F401 - they register themselves
        from actions.businesses.complaints import emails as answers  # noqa: F401
        from actions.businesses.notices import clock, emails  # noqa: F401
        from actions.businesses.offers import emails as messages  # noqa: F401
        from actions.businesses.offers import holdings as holdings_of_offers  # noqa: F401
        from actions.businesses.offers import retention as retention_of_offers  # noqa: F401
        from actions.businesses.offers import tasks as tasks_about_offers  # noqa: F401
        from actions.businesses.tracker import figures  # noqa: F401

        brands = Embeddable(_("Brands"), "businesses.brand", "businesses/_embed.html", lambda rows: rows.with_status())
        embeddable(brands)
        words = ("summary", "statement", "other_names", "parent", "products")
        searchable(Searchable("businesses.brand", words, leaving_out={"is_example": True}))
        asks = {"asks": ("text", "details")}
        searchable(Searchable("businesses.calltoaction", ("summary", "details"), asks, only_first=True))
