"""Pages that combine several apps: the home page, the thank-you page, the sitemap, errors and health."""

import sys
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from actions.businesses.models import Brand
from actions.letters.models import Letter
from actions.protests.models import Protest
from campaign import static_files
from campaign.db import is_unavailable
from campaign.home_page import NEXT_ACTIONS, dates_end_at, home_page, next_actions
from campaign.mail.models import Message
from campaign.pages.caching import keep_dates, public_page
from campaign.pages.models import Page, SiteSettings, Update
from campaign.pages.published import Published
from campaign.privacy import erasures, hash_key
from pledges.counting.wordings import counts_by_wording
from pledges.models import Pledge
from pledges.share.texts import links, texts

ICON_SECONDS = 30 * 24 * 60 * 60


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page: the headline, the count, and the sections that organisers have chosen, in their order."""
    site, now = SiteSettings.current(), timezone.now()
    with translation.override(site.interface_language):
        shown = home_page(site)
        response = render(request, "home.html", shown)
    keep_dates(response, dates_end_at(shown), now)
    return response


@public_page
def thank_you(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank a signer for confirming, with next actions and links to share. The page is the same for everybody."""
    found, now = Pledge.objects.published().select_related("share_tag").with_count().with_wordings(), timezone.now()
    pledge = get_object_or_404(found, slug=slug)
    with translation.override(pledge.interface_language):
        shown = {"pledge": pledge, "counts": counts_by_wording(pledge), "share": links(pledge), "texts": texts(pledge)}
        actions = next_actions(NEXT_ACTIONS) | {"kinds": NEXT_ACTIONS}
        response = render(request, "pledges/thank_you.html", shown | actions)
    keep_dates(response, dates_end_at(actions), now)
    return response


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


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Respond, to show that the process is running."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Respond with 200 if the site can do its work, or with 503 and the failed checks."""
    try:
        checks = {"database": True} | checks_of_database()
    except Error as error:
        if not is_unavailable(error):
            raise
        checks = {"database": False}
    checks["static"] = static_files.is_complete()
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def checks_of_database() -> dict[str, bool]:
    """Return the checks that need the database, each with whether it passed."""
    executor = MigrationExecutor(connection)
    migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {
        "migrated": migrated,
        "outbox": migrated and not Message.objects.is_stalled(timezone.now()),
        "erasures": migrated and erasures.are_kept(),
        "hash_key": migrated and hash_key.is_unchanged(),
    }


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the 500 page, or 503 if the database is unavailable. Neither uses the database, settings, or manifest."""
    if is_unavailable(sys.exc_info()[1]):
        answer = HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})
    else:
        answer = HttpResponseServerError(render_to_string("500.html"))
    add_never_cache_headers(answer)
    return answer


def forbidden(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the 403 page for one of our forms that lacks its CSRF token."""
    return render(request, "403.html", status=403)
