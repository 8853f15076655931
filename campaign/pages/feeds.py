"""The feed of the site's pages."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _

from campaign.documents.characters import printable
from campaign.pages.models import Page, SiteSettings

NEWEST = 20
MAX_PAGES = 1000


class InManyLanguages(Rss201rev2Feed):
    """RSS 2.0 with Dublin Core's dc:language for each item, because RSS itself can't give it."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:language", item["language"])


class PageFeed(Feed):
    """The most recently changed pages as RSS 2.0, without characters that XML forbids, which would break the feed."""

    link = "/"
    feed_type = InManyLanguages

    def title(self) -> str:
        return printable(SiteSettings.current().name)

    def description(self) -> str:
        return printable(SiteSettings.current().description) or _("What is new on our pages")

    def items(self) -> list[Page]:
        pages = Page.objects.published()[:MAX_PAGES]
        return sorted(pages, key=lambda page: page.updated_at, reverse=True)[:NEWEST]

    def item_title(self, item: Page) -> str:
        return printable(item.title)

    def item_description(self, item: Page) -> str:
        return printable(item.summary)

    def item_extra_kwargs(self, item: Page) -> dict[str, str]:
        return {"language": item.language}

    def item_updateddate(self, item: Page) -> datetime:
        return item.updated_at
