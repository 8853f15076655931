"""The webhook to which a mail provider reports bounces, spam reports, and people who unsubscribe through it."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.bounces.effects import act_on, is_known
from campaign.bounces.providers import UNREADABLE, is_genuine, outcomes, webhook


@csrf_exempt
@require_http_methods(["HEAD", "POST"])  # Some providers send HEAD to test the address when it is set up.
def mail_events(request: HttpRequest, provider: str) -> HttpResponse:
    """Act on the events in a request from our provider, and keep nothing of it. Ignore addresses that we don't know."""
    if not settings.EMAIL_PROVIDER or provider != settings.EMAIL_PROVIDER:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    view = webhook(provider)
    if not is_genuine(view, request):
        return _refused(request, has_secret=bool(view.basic_auth))
    return _accepted(view, request)


def _accepted(view: Any, request: HttpRequest) -> HttpResponse:
    """Act on the events of a genuine request; return 200, or 400 if it makes no sense."""
    try:
        reported = list(outcomes(view, request))
    except UNREADABLE:
        return HttpResponse(status=400)
    for outcome in reported:
        if is_known(outcome.address):
            act_on(outcome)
    return HttpResponse()


def _refused(request: HttpRequest, *, has_secret: bool) -> HttpResponse:
    """Return 403, or 401 if the request has no secret: Amazon sends it only after a 401."""
    if has_secret and "Authorization" not in request.headers:
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="mail events"'})
    return HttpResponse(status=403)
