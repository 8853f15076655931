"""The call to action for businesses, and the brands' answers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from campaign.pages.embeds import Embeddable, embeddable


class BusinessesConfig(AppConfig):
    """The call to action for businesses, and the brands' answers."""

    name = "actions.businesses"
    verbose_name = _("businesses")

    def ready(self) -> None:
        from actions.businesses import approvals, chain, clock, desk, emails, holdings, retention, tasks, uses  # noqa: F401 - they register themselves  # noqa: F401

        embeddable(Embeddable(_("Brands"), "businesses.brand", "businesses/_embed.html"))
