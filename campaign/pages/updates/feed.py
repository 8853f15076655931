"""The newest updates as an Atom feed."""

from datetime import UTC, datetime

import nh3
from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from campaign.documents.characters import printable
from campaign.documents.feeds import AtomFeed
from campaign.links.addresses import is_path
from campaign.pages.blocks.rendering import contents_of_all
from campaign.pages.models import SiteSettings, Update

NEWEST = 20
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}, "*": {"lang", "dir"}, "time": {"datetime"}}


def feed() -> str:
    """Return the feed as XML. An entry's date is when visitors could first see the update, even at a former address."""
    site = SiteSettings.current()
    answer = AtomFeed(
        title=printable(_("%(site)s: updates") % {"site": site.name}),
        link=settings.SITE_URL + reverse("updates"),
        description=printable(site.description),
        author_name=printable(site.name),
        feed_url=settings.SITE_URL + reverse("feed"),
        language=site.language,
    )
    updates = list(Update.objects.published().with_first_day()[:NEWEST])
    for update, blocks in zip(updates, contents_of_all(updates), strict=True):
        answer.add_item(
            title=printable(update.title),
            link=settings.SITE_URL + update.get_absolute_url(),
            description=printable(update.summary),
            content=printable(with_absolute_urls("\n".join(blocks))),
            author_name=printable(update.author) or None,
            unique_id=id_of(update),
            pubdate=update.first_live_at,
            updateddate=live_since(update),
            language=update.language,
        )
    return answer.writeString("utf-8")


def id_of(update: Update) -> str:
    """Return a tag URI (RFC 4151). It stays the same if the update is renamed or published again."""
    day = update.first_live_at.astimezone(UTC).date().isoformat()
    return f"tag:{settings.SITE_HOST},{day}:updates/{update.pk}"


def live_since(update: Update) -> datetime:
    """Return when the version that visitors see went live."""
    live_at = update.live_version["live_at"]
    return (parse_datetime(live_at) if isinstance(live_at, str) else live_at) or update.first_live_at


def with_absolute_urls(html: str) -> str:
    """Return HTML that is safe in a feed reader: with absolute URLs, and without forms, scripts and styles."""
    return nh3.clean(html, attributes=ATTRIBUTES, attribute_filter=_whole)


def _whole(_tag: str, attribute: str, value: str) -> str:
    return f"{settings.SITE_URL}{value}" if attribute in ("href", "src") and is_path(value) else value
