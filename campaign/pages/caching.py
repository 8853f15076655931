"""How long browsers and front caches may keep a public page, and pages that are rendered once for everybody."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.cache import patch_cache_control, set_response_etag
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from campaign.replicas import reads_replica
from campaign.versions.models import Version

View = Callable[..., HttpResponse]
DATES_KEPT = timedelta(seconds=2)  # in a front cache, so that visitors see at once that a protest is cancelled


def public_page(view: View) -> View:
    """Answer only GET and HEAD. Let any cache keep the page for PAGE_CACHE_SECONDS, or until a version changes.

    A front cache keeps the page. Browsers ask again each time, which an ETag makes cheap, unless the view sets a
    max-age. The response must be the same for everybody, so the view mustn't look at cookies.
    """
    return require_safe(cacheable(view))


def cacheable(view: View) -> View:
    """Let any cache keep the view's successful responses to GET requests. Compress them. Read them from a replica.

    Compression is safe only here: a page that is the same for everybody contains no secret (BREACH).
    """

    @gzip_page
    @reads_replica
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        begun_at = timezone.now()  # a version may go live while the view still shows the previous version
        response = view(request, *args, **kwargs)
        if not response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("X-Robots-Tag", "noindex")  # search engines should list the pages that link to files
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            patch_cache_control(response, public=True, **_lifetimes(response, begun_at))
            set_response_etag(response)
            if "s-maxage=0" in response["Cache-Control"]:
                # After a 304, nginx would keep its copy for another full lifetime, even past the next change.
                request.META.pop("HTTP_IF_NONE_MATCH", None)
        else:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return answer


def _lifetimes(response: HttpResponse, begun_at: datetime) -> dict[str, Any]:
    """Return how many seconds browsers and front caches may keep a page whose view began at this time (aware).

    If the view has set a lifetime, leave it unchanged.
    """
    said = response.get("Cache-Control", "")
    browsers = {} if "max-age" in said.replace("s-maxage", "") else {"max_age": 0}
    caches = {} if "s-maxage" in said else {"s_maxage": lifetime(Version.objects.next_change_after(begun_at))}
    return browsers | caches


def bare_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Redirect a GET with a query string to the same address without one.

    A front cache keeps one copy for each query string. With query strings, anybody could have a costly file made again
    and again, or push other pages out of the cache.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.META.get("QUERY_STRING") and request.method in ("GET", "HEAD"):
            return HttpResponsePermanentRedirect(request.path)
        return view(request, *args, **kwargs)

    return answer


def lifetime(next_change: datetime | None) -> int:
    """Return how many seconds a front cache may keep a page: never past the next change of a version (aware)."""
    left = (next_change - timezone.now()).total_seconds() if next_change else math.inf
    return int(max(0, min(settings.PAGE_CACHE_SECONDS, left)))


def keep_until(response: HttpResponse, moment: datetime | None, now: datetime) -> None:
    """Let front caches keep a page made at `now` until `moment` (both aware) or the next change of a version."""
    changes = [moment, Version.objects.next_change_after(now)]
    patch_cache_control(response, s_maxage=lifetime(min(filter(None, changes), default=None)))


def keep_dates(response: HttpResponse, ends_at: datetime | None, now: datetime) -> None:
    """Let front caches keep a page made at `now` for only DATES_KEPT if it shows dates of protests.

    A date may be cancelled. `ends_at` is when the first date on the page is over, or None if the page shows none (both
    aware).
    """
    if ends_at:
        keep_until(response, min(ends_at, now + DATES_KEPT), now)


def render_once(version: tuple[object, ...], render: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page that `render` makes. Don't render it if this process has rendered this `version` recently.

    `version` contains, in printable form, everything that the page shows, or values that change with it. So processes
    never show an outdated page, although they don't communicate.
    """
    key = sha256(repr(version).encode()).hexdigest()
    return HttpResponse(caches["rendered"].get_or_set(key, lambda: render().content))
