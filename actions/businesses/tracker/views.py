"""The public tracker: the call, the list of brands, and a page for each, now and on any past day."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation

from actions.businesses.models import Brand, CallToAction, Endorsement
from actions.businesses.tracker.cards import CARD_HEIGHT
from actions.businesses.tracker.days import Seen, midnight_after
from actions.businesses.tracker.figures import Figures
from actions.businesses.tracker.filtering import Selection
from actions.businesses.tracker.listing import Tracker
from actions.businesses.tracker.snapshots import LICENCE, LICENCE_URL
from actions.businesses.tracker.timeline import Timeline, with_notes
from campaign.pages.caching import keep_until, public_page
from campaign.sharing.frames import snippet
from campaign.sharing.links import share_links

MAX_BESIDE_THE_CALL = 8  # endorsements; the others are on their own page
MAX_ENDORSEMENTS = 2000
DATA_LICENCE = {"licence": LICENCE, "licence_url": LICENCE_URL}


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Show the call, who endorses it, and the tracker with its figures, now or as it was at the end of a past day."""
    seen = Seen.asked_for(request.GET, timezone.now())
    tracker = Tracker.of(seen)
    rows = tracker.rows
    selection = Selection(rows, request.GET)
    call = Endorsement.objects.beside(CallToAction.objects.published(), MAX_BESIDE_THE_CALL).first()
    with translation.override(call.interface_language if call else translation.get_language()):
        context = {
            **{"call": call, "seen": seen, "rows": rows, "selection": selection},
            "listed": with_notes(list(selection.page), seen),
            "figures": Figures.of(rows, seen),
            "share": share_links(settings.SITE_URL + reverse("businesses:index"), call.title) if call else [],
            **DATA_LICENCE,
        }
        response = render(request, "businesses/index.html", context)
    tracker.keep(response)
    return _unlisted_unless_present(response, seen)


@public_page
def endorsements(request: HttpRequest) -> HttpResponse:
    """List every organisation that endorses the call."""
    call = get_object_or_404(CallToAction.objects.published())
    with translation.override(call.interface_language):
        context = {"call": call, "endorsements": Endorsement.objects.public()[:MAX_ENDORSEMENTS]}
        return render(request, "businesses/endorsements.html", context)


@public_page
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one brand: its status, its own words, and what has happened, now or as it was at the end of a past day."""
    seen = Seen.asked_for(request.GET, timezone.now())
    brand, was_listed = _found(slug, seen)
    with translation.override(brand.interface_language):
        context = {
            **{"brand": brand, "seen": seen, "was_listed": was_listed, "can_ask": _can_ask(seen)},
            "timeline": Timeline.of(brand, seen, request.GET.get("page", "")),
            "share": share_links(settings.SITE_URL + brand.get_absolute_url(), brand.title),
            "snippet": snippet(reverse("businesses:card", args=[brand.slug]), brand.title, CARD_HEIGHT),
            **DATA_LICENCE,
        }
        response = render(request, "businesses/brand.html", context)
    keep_until(response, midnight_after(seen.now), seen.now)  # a status may change by itself at midnight
    return _unlisted_unless_present(response, seen)


def _found(slug: str, seen: Seen) -> tuple[Brand, bool]:
    """Return the brand as it was on the day, and whether the tracker listed it then. Raises Http404."""
    brands = Brand.objects.filter(slug=slug)
    then = brands.tracked(seen.moment) if seen.day else []
    return (then[0], True) if then else (get_object_or_404(brands.published()), seen.day is None)


def _can_ask(seen: Seen) -> bool:
    """Return whether visitors can write to brands."""
    call = None if seen.day else CallToAction.objects.published().first()
    return bool(call and call.has_letter)


def _unlisted_unless_present(response: HttpResponse, seen: Seen) -> HttpResponse:
    """Ask search engines not to list a past day."""
    if not seen.is_listed:
        response["X-Robots-Tag"] = "noindex"
    return response
