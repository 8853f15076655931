"""Things to spread a pledge with: a picture, a QR code, a poster, a badge for other sites, and a page of all these."""

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
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt

from campaign.documents import pdf
from campaign.pages.caching import View, public_page, render_once
from campaign.pages.models import SiteSettings
from pledges.models import Pledge
from pledges.share.links import share_links
from pledges.share.picture import HEIGHT, WIDTH, draw
from pledges.share.poster import write
from pledges.share.qr import qr_code
from pledges.share.wording import HERE

BADGE_STYLE = (HERE / "badge.css").read_text(encoding="utf-8").strip()
BADGE_HASH = b64encode(sha256(BADGE_STYLE.encode()).digest()).decode()


@public_page
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """All that there is to spread the pledge with, and how to use it."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    with translation.override(pledge.language):
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
    """The picture that networks show beside the pledge's address, with the count."""
    return _made_once("picture", slug, "image/png", draw)


@public_page
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """The poster to print."""
    return _made_once("poster", slug, pdf.MIME, lambda pledge, site: write(pledge, site, _address(pledge)))


def _made_once(kind: str, slug: str, mime: str, make: Callable[[Pledge, SiteSettings], bytes]) -> HttpResponse:
    """What `make` gives for this version of the pledge, in its language."""
    version = get_object_or_404(Pledge.objects.published().versions(), slug=slug)

    def made() -> HttpResponse:
        pledge = Pledge.objects.with_count().get(slug=slug)
        with translation.override(pledge.language):
            return HttpResponse(make(pledge, SiteSettings.current()))

    response = render_once((kind, *version), made)
    response["Content-Type"] = mime
    return response


@public_page
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The QR code of the pledge's address."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    return HttpResponse(qr_code(_address(pledge)), content_type="image/svg+xml")


def for_any_site(view: View) -> Any:
    """Let any site show the page in a frame, with the badge's own style sheet and nothing else.

    It is always answered whole: the middleware would give a 304 the headers of our other pages, and browsers would
    take over from those that it may not be framed (RFC 9111, section 3.2).
    """

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.META.pop("HTTP_IF_NONE_MATCH", None)
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    policy = {"frame-ancestors": ["*"], "style-src": [f"'sha256-{BADGE_HASH}'"]}
    return xframe_options_exempt(csp_replace(policy)(answer))


@for_any_site
@public_page
def badge(request: HttpRequest, slug: str) -> HttpResponse:
    """The pledge's title and count with a link to it, for a frame in somebody else's page."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    with translation.override(pledge.language):
        context = {"pledge": pledge, "url": _address(pledge), "style": BADGE_STYLE}
        return render(request, "pledges/badge.html", context)


def _snippet(pledge: Pledge) -> str:
    """The mark-up that shows the badge in a page of another site, to be escaped once more where it is shown."""
    address = settings.SITE_URL + reverse("pledges:badge", args=[pledge.slug])
    frame = '<iframe src="{}" title="{}" width="320" height="140" style="border:0" loading="lazy"></iframe>'
    return format_html(frame, address, pledge.title)


def _address(pledge: Pledge) -> str:
    """The whole address of the pledge's page."""
    return settings.SITE_URL + pledge.get_absolute_url()
