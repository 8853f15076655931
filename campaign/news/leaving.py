"""The page on which people unsubscribe, with a link in each message or one click in their mail programs.

RFC 8058 specifies its responses. Mail providers post here for their users, without cookies, from a few networks, with
any body. So a POST needs only the token, acts at once, and is never redirected or limited. Other sites can't use this
to unsubscribe somebody, because nobody can guess the token. A GET changes nothing, because scanners follow links.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign.mailings import unsubscribing

View = Callable[[HttpRequest, str], HttpResponse]
PAGE = "news/unsubscribe.html"


def one_click(view: View) -> View:
    """Let a view accept a POST from anywhere. Keep its address out of caches, search engines and Referer headers."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


@one_click
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the buttons. A POST stops the messages, including queued ones. Its body isn't read."""
    link = unsubscribing.read_token(token)
    if link is None:
        return render(request, PAGE, {"state": "expired"}, status=404)
    if request.method == "POST":
        link.unsubscribe()
    never_url = reverse("news:unsubscribe-for-good", args=[token])
    state = "done" if request.method == "POST" else "open"
    return render(request, PAGE, {"state": state, "for_everybody": link.is_for_everybody, "never_url": never_url})


@one_click
def unsubscribe_for_good(request: HttpRequest, token: str) -> HttpResponse:
    """Suppress the address on a POST, if we still hold it. On a GET, show the same page as `unsubscribe`."""
    link = unsubscribing.read_token(token)
    if link is None or request.method != "POST":
        return unsubscribe(request, token)
    state = "never" if link.suppress(timezone.now()) else "unknown"
    return render(request, PAGE, {"state": state})
