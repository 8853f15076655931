"""Pages for errors."""

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from campaign.db import is_unavailable
from campaign.monitoring.context import request_id


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the 500 page, or 503 if the database is unavailable. Neither uses the database, settings, or manifest."""
    if is_unavailable(sys.exc_info()[1]):
        answer = HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})
    else:
        answer = HttpResponseServerError(render_to_string("500.html", {"reference": request_id(request)}))
    add_never_cache_headers(answer)
    return answer


def forbidden(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the 403 page for one of our forms that lacks its CSRF token."""
    return render(request, "403.html", status=403)
