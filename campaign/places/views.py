"""The page about the sources of this site's public data."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaign.pages.caching import public_page
from campaign.places.models import Edition

MAX_EDITIONS = 50


@public_page
def data_notes(request: HttpRequest) -> HttpResponse:
    """Show each data set with its edition, its licence and the fingerprint of its file."""
    context = {"editions": Edition.objects.all()[:MAX_EDITIONS], "is_live": settings.LIVE_LOOKUPS}
    return render(request, "places/data_notes.html", context)
