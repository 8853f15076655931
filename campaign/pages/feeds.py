"""The feed of the site's pages."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaign.documents.characters import printable
from campaign.pages.models import Page, SiteSettings

NEWEST = 20


class PageFeed(Feed):
    """The most recently changed pages as RSS 2.0, without the characters that XML forbids: one would break the feed."""

    link = "/"

    def title(self) -> str:
        return printable(SiteSettings.current().name)

    def description(self) -> str:
        return printable(SiteSettings.current().description) or _("What is new on our pages")

    def items(self) -> QuerySet[Page]:
        return Page.objects.published().order_by("-updated_at")[:NEWEST]

    def item_title(self, item: Page) -> str:
        return printable(item.title)

    def item_description(self, item: Page) -> str:
        return printable(item.summary)

    def item_updateddate(self, item: Page) -> datetime:
        return item.updated_at
