"""Middleware that ends organisers' sessions, and closes the admin to people who have entered only their password."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from campaign.accounts.organisers import next_step
from campaign.accounts.sign_in import sessions

# Account pages on which somebody with only a stolen password could replace the second factor.
GUARDED = {
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_activate_totp", "mfa_add_webauthn", "mfa_remove_webauthn"),
}


class OrganisersPagesMiddleware:
    """The base class of the middleware below, which affects only the admin and account pages, never public pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class OrganisersSessionMiddleware(OrganisersPagesMiddleware):
    """Middleware that ends a session after 12 hours, extends it while somebody works, and tells scripts when it ends.

    SESSION_COOKIE_AGE ends a session after 30 idle minutes.
    """

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not _is_admin(request) and not _is_account_page(request):
            return None
        if request.user.is_authenticated:
            if sessions.is_too_old(request.session):
                logout(request)
            elif sessions.is_work(request):
                sessions.extend(request.session)
        if _is_admin(request) and not request.user.is_authenticated and _is_from_script(request):
            return _signed_out(request)
        return None


class RequireSecondFactorMiddleware(OrganisersPagesMiddleware):
    """Middleware that redirects organisers without their second factor to the page that asks for it."""

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        is_guarded = bool(match and match.url_name in GUARDED)
        if not (_is_admin(request) or is_guarded) or not request.user.is_staff:
            return None
        step = next_step(request)
        if step is None or (is_guarded and step != "mfa_reauthenticate"):
            return None
        if _is_from_script(request):
            return _signed_out(request)
        back = request.get_full_path() if is_guarded else reverse("admin:index")
        return redirect(f"{reverse(step)}?{urlencode({'next': back})}")


def _is_admin(request: HttpRequest) -> bool:
    """Return whether a request is for the admin, or for an unknown address, which might be in the admin."""
    match = request.resolver_match
    return match is None or "admin" in match.app_names


def _is_account_page(request: HttpRequest) -> bool:
    return bool(request.resolver_match and request.resolver_match.route.startswith("accounts/"))


def _is_from_script(request: HttpRequest) -> bool:
    """Return whether our own script sent the request. It can show a message, but can't follow a redirect to sign in."""
    wanted = request.headers.get("Accept", "").partition(",")[0].partition(";")[0].strip()
    return request.headers.get("X-Requested-With") == "fetch" or wanted == "application/json"


def _signed_out(request: HttpRequest) -> JsonResponse:
    """Return 401 with the address of the sign-in page, to which the script adds `next`, the page to return to."""
    return JsonResponse({"error": "signed_out", "sign_in": reverse("account_login")}, status=401)
