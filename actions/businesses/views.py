"""The call to action for businesses, and the brands' answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation

from actions.businesses.models import Brand, CallToAction, Endorsement
from campaign.pages.caching import public_page

MAX_BRANDS = 500
MAX_ENTRIES = 200
MAX_ENDORSEMENTS = 1000


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Show what we ask of businesses, and how brands have answered."""
    context = {
        "call": CallToAction.objects.published().first(),
        "endorsements": Endorsement.objects.public()[:MAX_ENDORSEMENTS],
        "brands": Brand.objects.tracked(timezone.now())[:MAX_BRANDS],
    }
    return render(request, "businesses/index.html", context)


@public_page
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one brand's answer with its source and date."""
    now = timezone.now()
    brand = get_object_or_404(Brand.objects.published(), slug=slug)
    brand.status = brand.status_at(now)
    call = CallToAction.objects.published().first()
    context = {"brand": brand, "can_ask": call and call.has_letter, "entries": brand.timeline(now)[:MAX_ENTRIES]}
    with translation.override(brand.interface_language):
        return render(request, "businesses/brand.html", context)
