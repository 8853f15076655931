"""Signing in: allauth's pages in our design, and the one-time link that comes first."""

from typing import Any, cast

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic.base import ContextMixin

from campaign.accounts import forms
from campaign.accounts.organisers import next_step
from campaign.accounts.sign_in import links, passkeys
from campaign.accounts.sign_in.allauth_internals import begin_registration, record_authentication


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show a page with a button that signs the organiser in. Mail scanners that follow links change nothing."""
    if request.method == "POST" and (response := links.use(request, token)):
        return response
    organiser = links.owner(token)
    if organiser is None:
        return render(request, "accounts/link_over.html", status=404)
    return render(request, "accounts/link.html", {"organiser": organiser})


@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Ask for an account's first password, or a new one after a link, then continue to the admin."""
    user = cast(User, request.user)
    if user.has_usable_password():
        return redirect("account_change_password")
    form = SetPasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        record_authentication(request, user, "password", reauthenticated=True)
        return redirect("admin:index")
    return render(request, "account/password_set.html", {"form": form})


def closed(request: HttpRequest) -> HttpResponse:
    """Tell somebody that their account is closed."""
    return render(request, "account/account_inactive.html")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def lost_phone(request: HttpRequest) -> HttpResponse:
    """Ask for a name and password, and tell the owners. The response is the same whether or not they are right."""
    form = forms.LostPhoneForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        form.tell_owners(timezone.now())
        return render(request, "accounts/lost_phone_told.html")
    return render(request, "accounts/lost_phone.html", {"form": form})


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Tell our own scripts who is signed in, with a token for the next POST; return 401 if a sign-in is incomplete."""
    if not request.user.is_authenticated or next_step(request):
        return JsonResponse({"error": "signed_out"}, status=401)
    return JsonResponse({"username": request.user.get_username(), "csrf_token": get_token(request)})


INPUT_ATTRIBUTES = {
    "code": {"inputmode": "numeric"},
    "login": {"autocapitalize": "none", "spellcheck": "false"},
}


class HubContextMixin(ContextMixin):
    """A mixin that drops allauth's `site`, which hides ours, and placeholders that only repeat the labels."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        context.pop("site", None)
        for name, field in context["form"].fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs |= INPUT_ATTRIBUTES.get(name, {})
        return context


@method_decorator(sensitive_post_parameters("password", "code"), name="dispatch")
class LogIn(HubContextMixin, account.LoginView):
    """The page for name, password and code."""

    form_class = forms.SignIn

    def form_valid(self, form: forms.SignIn) -> HttpResponse:
        return form.begin_session(self.get_success_url())


class ChangePassword(HubContextMixin, account.PasswordChangeView):
    """The page for the old password and a new one, which then returns to the admin."""


class ConfirmByPassword(HubContextMixin, account.ReauthenticateView):
    """The password, requested again before a sensitive action."""


class ConfirmByCode(HubContextMixin, mfa.ReauthenticateView):
    """A code, requested if the session began without one."""

    form_class = forms.ConfirmingCode


class AskForCode(HubContextMixin, mfa.AuthenticateView):
    """The second step of signing in with a one-time link."""

    form_class = forms.SignInCode
    webauthn_form_class = passkeys.SecondFactorPasskey


class SetUpAuthenticator(HubContextMixin, totp.ActivateTOTPView):
    """The page with the QR code. The first code in return also counts as this session's second factor."""

    def form_valid(self, form: totp.ActivateTOTPForm) -> HttpResponse:
        response = super().form_valid(form)
        _record_second_factor(self.request, Authenticator.Type.TOTP)
        return response


class AddPasskey(HubContextMixin, webauthn.AddWebAuthnView):
    """The page that adds a passkey, which also counts as this session's second factor."""

    form_class = passkeys.NewPasskey

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Return the context with options for a passkey that needs no username, instead of allauth's own options."""
        context = super().get_context_data(**kwargs)
        return context | {"js_data": {"creation_options": begin_registration(self.request.user, True)}}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _record_second_factor(self.request, Authenticator.Type.WEBAUTHN)
        return response


class SignInWithPasskey(webauthn.LoginWebAuthnView):
    """A complete sign-in with only a passkey."""

    form_class = passkeys.SignInPasskey


class ConfirmByPasskey(HubContextMixin, webauthn.ReauthenticateWebAuthnView):
    """A passkey, requested again before a sensitive action."""

    form_class = passkeys.ConfirmingPasskey


def _record_second_factor(request: HttpRequest, kind: str) -> None:
    """Record that this session has used the second factor that the organiser has just set up."""
    added = Authenticator.objects.filter(user=request.user, type=kind).latest("created_at")
    record_authentication(request, request.user, "mfa", id=added.pk, type=added.type)
