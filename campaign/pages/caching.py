"""How long browsers and front caches may keep a public page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Answer GET and HEAD only, and let any cache keep the page for PAGE_CACHE_SECONDS.

    Browsers ask again each time (an ETag makes that cheap); a front cache keeps it. The answer must
    be the same for everybody: the view may not look at cookies.
    """
    return require_safe(cacheable(view))


def cacheable(view: View) -> View:
    """Let any cache keep what the view answers to a GET, when it succeeds."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            seconds = settings.PAGE_CACHE_SECONDS
            patch_cache_control(response, public=True, max_age=0, s_maxage=seconds)
        else:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return answer
