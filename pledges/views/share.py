"""Ways to share a pledge: a picture, a QR code, a poster, a badge for other sites, and a page that offers them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from campaign.documents import pdf
from campaign.pages.caching import lifetime, public_page, render_once
from campaign.pages.models import SiteSettings
from campaign.sharing.frames import STYLE, embeddable, snippet
from campaign.sharing.picture import HEIGHT, MIME, WIDTH, YEAR
from campaign.sharing.qr import qr_code
from pledges.models import Pledge
from pledges.share.picture import draw, version
from pledges.share.poster import write
from pledges.share.texts import address, links, texts
from pledges.views.version import page_version

BADGE_HEIGHT = 140


@public_page
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything that people can share the pledge with, and how to use it."""
    pledge = get_object_or_404(Pledge.objects.published().select_related("share_tag").with_count(), slug=slug)
    with translation.override(pledge.interface_language):
        context = {
            "pledge": pledge,
            "url": address(pledge),
            "share": links(pledge),
            "texts": texts(pledge),
            "snippet": snippet(reverse("pledges:badge", args=[slug]), pledge.title, BADGE_HEIGHT),
            "width": WIDTH,
            "height": HEIGHT,
        }
        return render(request, "pledges/share.html", context)


@public_page
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the picture, with the count, that social networks show beside the pledge's address.

    An address with the current version can be kept for a year. Any other address shows the current picture too, but
    caches soon ask again.
    """
    response = _rendered_once("picture", slug, MIME, draw)
    if "v" in request.GET:
        pledge = Pledge.objects.published().with_count().get(slug=slug)
        if request.GET["v"] == version(pledge, SiteSettings.current()):
            patch_cache_control(response, max_age=YEAR, immutable=True)
    return response


@public_page
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the poster to print."""
    return _rendered_once("poster", slug, pdf.MIME, lambda pledge, site: write(pledge, site, _address(pledge)))


def _rendered_once(kind: str, slug: str, mime: str, draw: Callable[[Pledge, SiteSettings], bytes]) -> HttpResponse:
    """Return a response with what `draw` makes of this version of the pledge, in its language."""
    next_change, changes = page_version(slug)

    def render() -> HttpResponse:
        pledge = Pledge.objects.published().with_count().get(slug=slug)
        with translation.override(pledge.interface_language):
            return HttpResponse(draw(pledge, SiteSettings.current()))

    response = render_once((kind, *changes), render)
    response["Content-Type"] = mime
    patch_cache_control(response, s_maxage=lifetime(next_change))
    return response


@public_page
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the QR code of the pledge's address."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    return HttpResponse(qr_code(_address(pledge)), content_type="image/svg+xml")


@embeddable
@public_page
def badge(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the pledge's title and count with a link to it, for a frame on somebody else's page."""
    pledge = get_object_or_404(Pledge.objects.published().with_count().with_next_change(), slug=slug)
    with translation.override(pledge.interface_language):
        context = {"pledge": pledge, "url": _address(pledge), "style": STYLE}
        response = render(request, "pledges/badge.html", context)
    patch_cache_control(response, s_maxage=lifetime(pledge.next_change))
    return response


def _address(pledge: Pledge) -> str:
    """Return the full URL of the pledge's page."""
    return settings.SITE_URL + pledge.get_absolute_url()
