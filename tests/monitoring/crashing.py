"""A site with one page, which fails with everything that visitors send in its exceptions and local variables."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from campaign.settings import *  # noqa: F403 - as in production, but for the URLs
from campaign.views.errors import server_error

ROOT_URLCONF = __name__
handler500 = server_error

# What a visitor sends, and what no log, metric or report may contain.
CANARIES = {
    "name": "Rosalind Marmot",
    "email": "rosalind.marmot@example.org",
    "postcode": "ZE1 0AA",
    "token": "t0ken-CaNaRy-9x",
    "query": "queried-canary",
    "agent": "canary-browser/1.0",
    "cookie": "canary-cookie",
    "ip": "198.51.100.77",
    "request_id": "canary-request-id",
}


@csrf_exempt
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Raise an exception whose message, cause and local variables contain what was sent."""
    name, email = request.POST["name"], request.POST["email"]
    try:
        int(name + token)
    except ValueError as error:
        raise RuntimeError(f"{email} {request.META}") from error
    return HttpResponse()


urlpatterns = [path("pledges/confirm/<str:token>/", confirm, name="confirm")]
