"""Browsers that an organiser has signed in with before, which strangers' wrong guesses do not lock out.

A browser keeps one signed cookie for each account, and sends it to the sign-in page only. A cookie is valid until the
account's password changes.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string

from campaign.accounts.organisers import next_step
from campaign.modeladmin import organiser

PREFIX = "known_browser_"
MAX_AGE = timedelta(days=365)
MAX_ACCOUNTS = 5  # on one shared computer


def known(request: HttpRequest, user: User | None) -> str | None:
    """Return this browser's random name if it has been used to sign in to the account; None otherwise."""
    if user is None or not user.is_active:
        return None
    return request.get_signed_cookie(_cookie(user), default=None, salt=_salt(user), max_age=MAX_AGE)


def remembering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make the browser known when a view completes a sign-in, or changes the password that the cookie depends on."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and request.user.is_authenticated and next_step(request) is None:
            _remember(request, response)
        return response

    return wrapped


def _remember(request: HttpRequest, response: HttpResponse) -> None:
    user = organiser(request)
    page = reverse("account_login")
    response.set_signed_cookie(
        _cookie(user),
        known(request, user) or get_random_string(22),
        salt=_salt(user),
        max_age=MAX_AGE,
        path=page,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    others = [name for name in request.COOKIES if name.startswith(PREFIX) and name != _cookie(user)]
    for name in others[: 1 - MAX_ACCOUNTS]:  # browsers send the oldest first (RFC 6265, 5.4)
        response.delete_cookie(name, path=page, samesite="Strict")


def _cookie(user: User) -> str:
    return f"{PREFIX}{user.pk}"


def _salt(user: User) -> str:
    return f"campaign.accounts.browsers {user.password}"
