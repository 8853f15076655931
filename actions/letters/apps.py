"""Letters that visitors send to their MP."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from campaign.pages.embeds import Embeddable, embeddable
from campaign.search.registry import Searchable, searchable


class LettersConfig(AppConfig):
    """Letters that visitors send to their MP."""

    name = "actions.letters"
    verbose_name = _("letters")

    def ready(self) -> None:
        from actions.letters import counting, desk, parliament  # noqa: F401 - they register themselves

        embeddable(Embeddable(_("Letters"), "letters.letter", "letters/_embed.html"))
        parts = {"points": ("title", "text"), "asks": ("text",)}
        searchable(
            Searchable("letters.letter", ("summary", "subject", "opening", "body", "question", "closing"), parts)
        )
