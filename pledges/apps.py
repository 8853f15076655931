"""Pledges and the people who sign them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from campaign.pages.embeds import Embeddable, embeddable
from campaign.search.registry import Searchable, searchable


class PledgesConfig(AppConfig):
    """Pledges and the people who sign them."""

    name = "pledges"
    verbose_name = _("pledges")

    def ready(self) -> None:
        from pledges import approvals, desk, emails, holdings, metrics, news, retention, sealing, tasks  # noqa: F401
        from pledges.counting import tags  # noqa: F401 - it registers itself

        embeddable(Embeddable(_("Pledges"), "pledges.pledge", "pledges/_embed.html", lambda rows: rows.with_count()))
        searchable(Searchable("pledges.pledge", ("summary", "statement"), {"demands": ("text",)}))
