"""The sitemap, robots.txt, security.txt and the icon."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from actions.businesses.models import Brand
from actions.letters.models import Letter
from actions.protests.models import Protest
from campaign.pages.caching import public_page
from campaign.pages.models import Page, SiteSettings, Update
from campaign.pages.published import Published
from campaign.replicas import reads_replica
from pledges.models import Pledge

ICON_SECONDS = 30 * 24 * 60 * 60
SECURITY_TXT_LASTS = timedelta(days=90)  # RFC 9116 recommends less than a year


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
@reads_replica
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every page, or none while the pages themselves say `noindex`."""
    sitemaps: dict[str, Any] = SITEMAPS if may_be_indexed() else {}
    return sitemap_view(request, sitemaps).render()  # here, where the replica is read


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


@public_page
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness (RFC 9116). Raises Http404 while the site has no contact address.

    It expires at a midnight, so that it stays the same all day and caches can keep it.
    """
    contact = SiteSettings.current().contact_email.strip()
    if not contact:
        raise Http404
    today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    fields = {
        "Contact": f"mailto:{quote(contact, safe='@')}",
        "Expires": f"{today + SECURITY_TXT_LASTS:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": settings.LANGUAGE_CODE,
        "Canonical": f"{settings.SITE_URL}{request.path}",
    }
    if policy := Page.objects.published().filter(slug="security").first():
        fields["Policy"] = f"{settings.SITE_URL}{policy.get_absolute_url()}"
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return HttpResponse(lines, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=ICON_SECONDS)
def favicon(request: HttpRequest) -> HttpResponse:
    """Return our icon, which browsers and feed readers fetch from this address regardless of the page."""
    return HttpResponse((settings.BASE_DIR / "static" / "favicon.ico").read_bytes(), content_type="image/x-icon")
