"""Ways to share a pledge: a picture, a QR code, a poster, a badge for other sites, and a page that offers them."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt

from campaign.documents import pdf
from campaign.pages.caching import View, lifetime, public_page, render_once
from campaign.pages.models import SiteSettings
from campaign.sharing.links import share_links
from campaign.sharing.picture import HEIGHT, MIME, WIDTH, YEAR
from campaign.sharing.qr import qr_code
from pledges.models import Pledge
from pledges.share.picture import draw, version
from pledges.share.poster import write

BADGE_STYLE = (settings.BASE_DIR / "pledges/share/badge.css").read_text(encoding="utf-8").strip()
BADGE_HASH = b64encode(sha256(BADGE_STYLE.encode()).digest()).decode()


@public_page
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything that people can share the pledge with, and how to use it."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    with translation.override(pledge.interface_language):
        url = _address(pledge)
        context = {
            "pledge": pledge,
            "url": url,
            "share": share_links(url, pledge.title),
            "snippet": _snippet(pledge),
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
    next_change, *changes = get_object_or_404(Pledge.objects.published().versions(), slug=slug)

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


def embeddable(view: View) -> Any:
    """Let any site show the page in a frame, with the badge's own style sheet and nothing else.

    It never answers 304: the middleware would add our other pages' headers, and browsers would apply them, with their
    ban on frames, to the page in their cache (RFC 9111, section 3.2).
    """

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.META.pop("HTTP_IF_NONE_MATCH", None)
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    policy = {"frame-ancestors": ["*"], "style-src": [f"'sha256-{BADGE_HASH}'"]}
    return xframe_options_exempt(csp_replace(policy)(answer))


@embeddable
@public_page
def badge(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the pledge's title and count with a link to it, for a frame on somebody else's page."""
    pledge = get_object_or_404(Pledge.objects.published().with_count().with_next_change(), slug=slug)
    with translation.override(pledge.interface_language):
        context = {"pledge": pledge, "url": _address(pledge), "style": BADGE_STYLE}
        response = render(request, "pledges/badge.html", context)
    patch_cache_control(response, s_maxage=lifetime(pledge.next_change))
    return response


def _snippet(pledge: Pledge) -> str:
    """Return the HTML that shows the badge on another site. Escape it once more to show it as text."""
    address = settings.SITE_URL + reverse("pledges:badge", args=[pledge.slug])
    frame = '<iframe src="{}" title="{}" width="320" height="140" style="border:0" loading="lazy"></iframe>'
    return format_html(frame, address, pledge.title)


def _address(pledge: Pledge) -> str:
    """Return the full URL of the pledge's page."""
    return settings.SITE_URL + pledge.get_absolute_url()
