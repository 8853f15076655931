"""Signing in and out. Of allauth's pages only these exist: no sign-up, no e-mail, no reset by mail."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.urls import include, path

from campaign.accounts import views

ours = ([path("sign-in/<str:token>/", views.sign_in, name="sign-in")], "accounts")

urlpatterns = [
    path("", include(ours)),
    path("login/", views.LogIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/set/", views.choose_password, name="account_set_password"),
    path(
        "password/change/",
        login_required(views.ChangePassword.as_view()),
        name="account_change_password",
    ),
    path("reauthenticate/", views.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", views.AskForCode.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", views.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", views.SetUpAuthenticator.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
