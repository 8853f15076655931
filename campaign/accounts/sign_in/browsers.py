"""Browsers that an organiser has signed in with before. Strangers' wrong guesses don't lock these browsers out.

A browser keeps one signed cookie for each account, and sends it only to the sign-in pages. We report a completed
sign-in from any other browser to the organiser by mail. A cookie is valid until the account's password changes.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from campaign.accounts.models import LostPhone, NewBrowser
from campaign.accounts.organisers import next_step
from campaign.modeladmin import organiser

PREFIX = "known_browser_"
MAX_AGE = timedelta(days=365)
MAX_ACCOUNTS = 5  # that one shared computer may be known for
# Marks in a User-Agent header, with the names that we show. The first match wins, because most browsers name others
# too.
BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
    "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS X": "Mac",
    "CrOS": "Chromebook", "Linux": "Linux",
}  # fmt: skip


def known(request: HttpRequest, user: User | None) -> str | None:
    """Return this browser's random name if somebody has used it to sign in to the account, or None."""
    if user is None or not user.is_active:
        return None
    return request.get_signed_cookie(_cookie(user), default=None, salt=_salt(user), max_age=MAX_AGE)


def remembering(view: Callable[..., HttpResponse], *, reporting: bool = False) -> Callable[..., HttpResponse]:
    """Wrap a view so that the browser becomes known when it completes a sign-in or changes the account's password.

    `reporting` is for views that begin a session: if the browser was unknown, the organiser gets a message.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        before = _accounts_that_know(request) if reporting and request.method == "POST" else set()
        response = view(request, *args, **kwargs)
        if request.method == "POST" and request.user.is_authenticated and next_step(request) is None:
            if reporting:
                LostPhone.objects.filter(organiser=organiser(request)).delete()  # the organiser can sign in again
            if reporting and request.user.pk not in before:
                NewBrowser.report(organiser(request), described(request.headers.get("User-Agent", "")), timezone.now())
            _remember(request, response)
        return response

    return wrapped


def _accounts_that_know(request: HttpRequest) -> set[int]:
    """Return the keys of accounts that know this browser. Call this before a sign-in, which may rehash the password."""
    keys = [name.removeprefix(PREFIX) for name in request.COOKIES if name.startswith(PREFIX)]
    users = User.objects.filter(pk__in=[key for key in keys[:MAX_ACCOUNTS] if key.isascii() and key.isdecimal()])
    return {user.pk for user in users if known(request, user)} if keys else set()


def described(user_agent: str) -> str:
    """Describe a User-Agent header in words such as "Firefox on Windows". We do not keep the rest of the header."""
    names = [next((name for mark, name in table.items() if mark in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    if not all(names):
        return _("an unusual browser")
    return _("%(browser)s on %(system)s") % {"browser": names[0], "system": names[1]}


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
