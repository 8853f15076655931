"""Which request, or which turn of a worker, a line in the log belongs to.

Requests and turns have random IDs. We accept none from outside, because it could identify somebody. A response doesn't
contain the ID either, unless it is the page about a fault, which is never cached.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ID_BYTES = 4
ID, STARTED = "campaign.id", "campaign.started"  # in META, where no header can have these names
current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)
current_job: ContextVar[str | None] = ContextVar("current_job", default=None)


class RequestMiddleware:
    """Middleware that links the lines that are logged during a request with it. It must come first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META[STARTED] = time.monotonic()
        token = current_request.set(request)
        try:
            return self.get_response(request)
        finally:
            current_request.reset(token)


@contextmanager
def job() -> Iterator[None]:
    """Give one turn of a worker an ID inside a `with` block."""
    token = current_job.set(secrets.token_hex(ID_BYTES))
    try:
        yield
    finally:
        current_job.reset(token)


def request_id(request: HttpRequest) -> str:
    """Return the ID of a request, such as "9f2c11aa", which is made when it is first needed."""
    return request.META.setdefault(ID, secrets.token_hex(ID_BYTES))


def describe(request: Any) -> dict[str, Any]:
    """Return the ID, method, route and duration so far of a request. A path may contain a token."""
    if not isinstance(request, HttpRequest):
        return {}
    match, started = getattr(request, "resolver_match", None), request.META.get(STARTED)
    return {
        "request": request_id(request),
        "method": request.method if request.method in METHODS else "other",
        "route": match and match.view_name,
        "duration_ms": started and round((time.monotonic() - started) * 1000),
    }
