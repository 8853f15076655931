"""Signing in and out. Of allauth's pages, only these exist: no sign-up, no e-mail, and no reset by mail."""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import URLPattern, include, path
from django.views.decorators.cache import never_cache

from campaign.accounts import views
from campaign.accounts.sign_in.browsers import remembering


def private(route: str, view: Callable[..., HttpResponse], name: str, *, begins: bool = False) -> URLPattern:
    """Return the route of a page with secrets or personal data, which no cache may keep, not even the browser's.

    A view that completes a sign-in also makes the browser known. A view that `begins` sessions reports new browsers.
    """
    return path(route, never_cache(remembering(view, reporting=begins)), name=name)


change_password = login_required(views.ChangePassword.as_view())

own = [
    private("sign-in/<str:token>/", views.sign_in, "sign-in"),
    private("lost-phone/", views.lost_phone, "lost-phone"),
    private("session/", views.session, "session"),
]
urlpatterns = [
    path("", include((own, "accounts"))),
    private("login/", views.LogIn.as_view(), "account_login", begins=True),
    # This path is below the sign-in page, so that the view gets the cookie of a known browser.
    private("login/passkey/", views.SignInWithPasskey.as_view(), "mfa_login_webauthn", begins=True),
    private("logout/", account.logout, "account_logout"),
    private("inactive/", views.closed, "account_inactive"),
    private("password/set/", views.choose_password, "account_set_password", begins=True),
    private("password/change/", change_password, "account_change_password"),
    private("reauthenticate/", views.ConfirmByPassword.as_view(), "account_reauthenticate"),
    private("2fa/", mfa.index, "mfa_index"),
    private("2fa/authenticate/", views.AskForCode.as_view(), "mfa_authenticate"),
    private("2fa/reauthenticate/", views.ConfirmByCode.as_view(), "mfa_reauthenticate"),
    private("2fa/totp/activate/", views.SetUpAuthenticator.as_view(), "mfa_activate_totp"),
    private("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    private("2fa/passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    private("2fa/passkeys/add/", views.AddPasskey.as_view(), "mfa_add_webauthn"),
    private("2fa/passkeys/reauthenticate/", views.ConfirmByPasskey.as_view(), "mfa_reauthenticate_webauthn"),
    private("2fa/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
    private("2fa/recovery-codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    private("2fa/recovery-codes/generate/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    private("2fa/recovery-codes/download/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
]
