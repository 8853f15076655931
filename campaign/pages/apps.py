"""Content pages, their blocks, the menu and the site's own settings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from campaign.pages.embeds import Embeddable, embeddable
from campaign.search.registry import Searchable, searchable

WORDS_OF_BLOCKS = {
    "pages_text_set": ("html",),
    "pages_columns_set": ("first", "second", "third"),
    "pages_question_set": ("question", "answer"),
    "pages_quotation_set": ("words", "speaker", "about"),
    "pages_fact_set": ("claim", "source"),
    "pages_figure_set": ("number", "label", "source"),
    "pages_action_set": ("title", "text"),
    "pages_pictureblock_set": ("caption",),
    "pages_gallerypicture_set": ("caption",),
    "pages_videolink_set": ("title", "caption"),
    "pages_download_set": ("text",),
}


class PagesConfig(AppConfig):
    """Content pages, their blocks, the menu and the site's own settings."""

    name = "campaign.pages"
    verbose_name = _("pages")

    def ready(self) -> None:
        from campaign.pages import uses  # noqa: F401 - it registers itself

        embeddable(Embeddable(_("Updates"), "pages.update", "updates/_embed.html"))
        searchable(Searchable("pages.page", ("summary",), WORDS_OF_BLOCKS))
        searchable(Searchable("pages.update", ("summary",), WORDS_OF_BLOCKS))
