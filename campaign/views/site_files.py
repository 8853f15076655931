"""The sitemap, robots.txt and the icon."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from actions.businesses.models import Brand
from actions.letters.models import Letter
from actions.protests.models import Protest
from campaign.pages.caching import public_page
from campaign.pages.models import Page, SiteSettings, Update
from campaign.pages.published import Published
from pledges.models import Pledge

ICON_SECONDS = 30 * 24 * 60 * 60


class Sections(Sitemap):
    """Pages in the sitemap that are not objects of a model."""

    names = (
        "home",
        "updates",
        "letters:index",
        "letters:find-your-mp",
        "protests:index",
        "fundraising:donate",
        "businesses:index",
        "communities:index",
        "data-notes",
    )

    def items(self) -> tuple[str, ...]:
        return self.names

    def location(self, item: str) -> str:
        return reverse(item)


class Contents(Sitemap):
    """The pages of one model's published objects in the sitemap; `filters` may leave some out."""

    def __init__(self, model: type[Published], **filters: Any) -> None:
        self.model, self.filters = model, filters

    def items(self) -> QuerySet[Published]:
        return self.model.objects.published().filter(**self.filters)

    def lastmod(self, item: Published) -> datetime:
        return item.updated_at


CONTENTS = {model._meta.label_lower: Contents(model) for model in (Page, Update, Pledge, Letter, Protest)}
CONTENTS[Brand._meta.label_lower] = Contents(Brand, is_example=False)
SITEMAPS = {"sections": Sections} | CONTENTS


def may_be_indexed() -> bool:
    """Return whether search engines may list the site: only once the publisher's details are complete."""
    return settings.DEBUG or SiteSettings.current().is_ready


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every page, or none while the pages themselves say `noindex`."""
    sitemaps: dict[str, Any] = SITEMAPS if may_be_indexed() else {}
    return sitemap_view(request, sitemaps)


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines which paths to ignore.

    Pages that say `noindex`, such as the list of names, aren't named here: search engines that can't read them could
    still list them.
    """
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/", "Disallow: /go/", ""]
    if may_be_indexed():
        lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}\n")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=ICON_SECONDS)
def favicon(request: HttpRequest) -> HttpResponse:
    """Return our icon, which browsers and feed readers fetch from this address regardless of the page."""
    return HttpResponse((settings.BASE_DIR / "static" / "favicon.ico").read_bytes(), content_type="image/x-icon")
