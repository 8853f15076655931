"""Protests and their calendars."""

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.pages.embeds import Embeddable, embeddable
from campaign.search.registry import Searchable, searchable


class ProtestsConfig(AppConfig):
    """Protests and their calendars."""

    name = "actions.protests"
    verbose_name = _("protests")

    def ready(self) -> None:
        from actions.protests import desk, tasks  # noqa: F401 - they register themselves
        from actions.protests.coming import counting, emails, holdings, queuing, retention  # noqa: F401
        from actions.protests.coming import desk as coming_desk  # noqa: F401

        card = "protests/_embed.html"
        embeddable(
            Embeddable(_("Protests"), "protests.protest", card, lambda rows: rows.with_dates_to_come(timezone.now()))
        )
        words = ("summary", "details", "what_to_bring", "safety_notes")
        searchable(Searchable("protests.protest", words))
