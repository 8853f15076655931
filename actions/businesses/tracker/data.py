"""The tracker for programs: CSV, JSON, and a feed of its changes. Any site may read them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from actions.businesses.tracker.changes import feed
from actions.businesses.tracker.days import Seen
from actions.businesses.tracker.files import table
from actions.businesses.tracker.listing import Tracker
from actions.businesses.tracker.snapshots import LICENCE_URL
from campaign.pages.caching import lifetime, public_page
from campaign.pages.models import SiteSettings

Make = Callable[[Tracker], bytes | str]


@public_page
def tracker_json(request: HttpRequest) -> HttpResponse:
    """Return the tracker now, or on a past day, as JSON. A past day always gives the same bytes."""
    return _file(request, "application/json", lambda tracker: tracker.data)


@public_page
def tracker_csv(request: HttpRequest) -> HttpResponse:
    """Return the tracker now, or on a past day, as a table for spreadsheets."""
    return _file(request, "text/csv; charset=utf-8", lambda tracker: "".join(table(tracker.rows)))


@public_page
def changes(request: HttpRequest) -> HttpResponse:
    """Return the feed of changes."""
    seen = Seen(timezone.now())
    return _open(seen, "application/atom+xml; charset=utf-8", lambda tracker: feed(tracker.rows, seen))


def _file(request: HttpRequest, mime: str, make: Make) -> HttpResponse:
    seen = Seen.asked_for(request.GET, timezone.now())
    if seen.problem:
        return HttpResponse(f"{seen.problem}\n", status=400, content_type="text/plain; charset=utf-8")
    return _open(seen, mime, make)


def _open(seen: Seen, mime: str, make: Make) -> HttpResponse:
    """Return a file that any site may read under the licence. Caches keep it for as long as a page."""
    tracker = Tracker.of(seen)
    with translation.override(SiteSettings.current().interface_language):
        response = HttpResponse(make(tracker), content_type=mime)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Link"] = f'<{LICENCE_URL}>; rel="license"'
    patch_cache_control(response, max_age=lifetime(tracker.changes_at))
    tracker.keep(response)
    return response
