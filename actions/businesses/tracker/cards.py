"""A brand's card, which other sites can show in a frame."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation

from actions.businesses.models import Brand
from actions.businesses.tracker.days import Seen, midnight_after
from actions.businesses.tracker.timeline import has_replied
from campaign.pages.caching import keep_until, public_page
from campaign.sharing.frames import STYLE, embeddable

CARD_HEIGHT = 200


@embeddable
@public_page
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a brand's status, with a link to its page, for a frame on somebody else's page."""
    seen = Seen(timezone.now())
    brand = get_object_or_404(Brand.objects.published(), slug=slug)
    status = brand.status_at(seen.now)
    with translation.override(brand.interface_language):
        context = {"brand": brand, "status": status, "has_replied": has_replied(brand, status, seen)}
        urls = {"url": settings.SITE_URL + brand.get_absolute_url(), "style": STYLE}
        response = render(request, "businesses/card.html", context | urls)
    keep_until(response, midnight_after(seen.now), seen.now)
    return response
