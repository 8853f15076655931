"""How long browsers and front caches may keep a public page, and pages rendered once for all readers."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, set_response_etag
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Answer GET and HEAD only, and let any cache keep the page for PAGE_CACHE_SECONDS.

    Browsers ask again each time (an ETag makes that cheap) unless the view sets a max-age; a front cache keeps it. The
    answer must be the same for everybody: the view may not look at cookies.
    """
    return require_safe(cacheable(view))


def cacheable(view: View) -> View:
    """Let any cache keep what the view answers to a GET, when it succeeds, and send it compressed.

    Compression is safe here, and only here: a page that is the same for everybody holds no secret (BREACH).
    """

    @gzip_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("X-Robots-Tag", "noindex")  # search engines should list the pages that link to files
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            own = {} if "max-age" in response.get("Cache-Control", "") else {"max_age": 0}
            patch_cache_control(response, public=True, s_maxage=settings.PAGE_CACHE_SECONDS, **own)
            set_response_etag(response)
        else:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return answer


def render_once(version: tuple[object, ...], render: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page that `render` makes, rendered only if this process has not rendered this `version` recently.

    `version` holds, in printable form, everything that the page shows, or values that change with it. So no process
    shows an outdated page, and processes need not know of one another.
    """
    key = sha256(repr(version).encode()).hexdigest()
    return HttpResponse(caches["rendered"].get_or_set(key, lambda: render().content))
