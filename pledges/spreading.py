"""Pages and files to spread a pledge with. They are the same for everybody, and know nobody."""

from collections.abc import Callable

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from campaign.pages.caching import public_page, render_once
from campaign.pages.language import speaking
from campaign.pages.models import SiteSettings
from pledges.kit import picture, poster, qr
from pledges.models import Pledge
from pledges.sharing import share_links


@public_page
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """How to spread the pledge: links, the picture, the QR code, the poster, and a badge for other sites."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    address = settings.SITE_URL + pledge.get_absolute_url()
    badge_address = settings.SITE_URL + reverse("pledges:badge", args=[slug])
    with speaking(pledge.language):
        context = {"pledge": pledge, "address": address, "badge_address": badge_address}
        return render(request, "pledges/share.html", context | {"share": share_links(address, pledge.title)})


@public_page
def share_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture that other sites show with a link to the pledge."""
    return _made_once(slug, "image/png", picture.png)


@public_page
def poster_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The poster, to print."""
    response = _made_once(
        slug, "application/pdf", lambda pledge, campaign: poster.pdf(pledge, campaign, _address(slug))
    )
    response["Content-Disposition"] = f'inline; filename="{slug}-poster.pdf"'
    return response


@public_page
def qr_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The address of the pledge as a QR code."""
    get_object_or_404(Pledge.objects.published(), slug=slug)
    return HttpResponse(qr.svg(_address(slug)), content_type="image/svg+xml")


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@public_page
def badge(request: HttpRequest, slug: str) -> HttpResponse:
    """Title, count and a link, small, for the <iframe> of a partner's page. It sets no cookie."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    with speaking(pledge.language):
        response = render(request, "pledges/badge.html", {"pledge": pledge, "address": _address(slug)})
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _address(slug: str) -> str:
    return settings.SITE_URL + reverse("pledges:sign", args=[slug])


def _made_once(slug: str, kind: str, make: Callable[[Pledge, str], bytes]) -> HttpResponse:
    """The file that `make` gives for a pledge and the campaign's name, made once for each step of the count."""
    version = get_object_or_404(Pledge.objects.published().versions(), slug=slug)

    def made() -> HttpResponse:
        pledge = Pledge.objects.with_count().get(slug=slug)
        with speaking(pledge.language):
            return HttpResponse(make(pledge, SiteSettings.current().name))

    response = render_once((kind, *version), made)
    response["Content-Type"] = kind
    return response
