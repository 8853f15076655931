"""The page about the sources of this site's public data."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaign.pages.caching import public_page
from campaign.places.hexes.layout import HEXES, shipped_edition
from campaign.places.models import Edition

MAX_EDITIONS = 50


@public_page
def data_notes(request: HttpRequest) -> HttpResponse:
    """Show each data set with its edition, its licence and the fingerprint of its file."""
    editions = list(Edition.objects.all()[:MAX_EDITIONS])
    own_layout = None if any(edition.dataset == HEXES for edition in editions) else shipped_edition()
    context = {"editions": editions, "own_layout": own_layout, "is_live": settings.LIVE_LOOKUPS}
    return render(request, "places/data_notes.html", context)
