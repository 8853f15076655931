"""Redirects from the former addresses of pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import patch_cache_control

from campaign.links.models import Redirect
from campaign.tags.links import VIA

READS = ("GET", "HEAD")


class RedirectMiddleware:
    """Middleware that replaces a 404 with a redirect to the page's new address, if the page has moved.

    The status is 301, or 308 for a POST, so that a form from a cached page still reaches us with what was typed
    (RFC 9110, 15.4.9). A page that exists needs no extra query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in (*READS, "POST"):
            return response
        new = Redirect.objects.new_path(request.path)
        return _moved(request, new) if new else response


def _moved(request: HttpRequest, path: str) -> HttpResponse:
    """Return the redirect. Front caches keep it as long as a page. Browsers always ask again, so it can be deleted."""
    query = request.META.get("QUERY_STRING", "")
    reads = request.method in READS
    is_shared = reads and VIA not in request.GET  # front caches ignore tags, so one tag would go to everybody
    to = f"{path}?{query}" if query else path  # the path is one of ours
    response = HttpResponsePermanentRedirect(to, preserve_request=not reads)  # nosemgrep: hub-redirect-to-request
    if is_shared:
        patch_cache_control(response, public=True, max_age=0, s_maxage=settings.PAGE_CACHE_SECONDS)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response
