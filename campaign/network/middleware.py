"""Headers that isolate our pages from other sites, and helpful error pages where Django would say little."""

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from campaign.network.body import is_too_large

Answer = Callable[[HttpRequest], HttpResponse]


class IsolateResourcesMiddleware:
    """Middleware that stops other sites from loading what we serve, and our pages from using the visitor's devices."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response


class RefuseLargeBodyMiddleware:
    """Middleware that refuses a request (413) if its declared size is more than any page needs, without reading it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_too_large(request.path_info, request.META.get("CONTENT_LENGTH", "")):
            return HttpResponse(render_to_string("413.html"), status=413)
        return self.get_response(request)


class RefuseNullMiddleware:
    """Middleware that refuses (400) a null character in the path, query or a cookie: PostgreSQL can't store it.

    Form fields refuse it with an error message. Cookies encode it as "\\000".
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = unquote(request.META.get("QUERY_STRING", ""))
        if any("\0" in text for text in (request.path_info, query, *request.COOKIES.values())):
            raise BadRequest("A null character in the path, the query or a cookie.")
        return self.get_response(request)


class MethodNotAllowedMiddleware:
    """Middleware that replaces Django's empty response to a method that isn't allowed (405) with a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("405.html")
        return response
