"""One-time links with which organisers sign in for the first time, or after forgetting their password."""

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from campaign.accounts.sign_in.allauth_internals import record_authentication
from campaign.audit.acts import Act
from campaign.audit.log import record


class SignInTokens(PasswordResetTokenGenerator):
    """Tokens that aren't stored. Each lasts for PASSWORD_RESET_TIMEOUT, or until the password changes.

    Using a link removes the old password, so that this link and every other one for the account stops working.
    """

    key_salt = "campaign.accounts.links"


TOKENS = SignInTokens()


def link_for(user: User, base_url: str) -> str:
    """Return the full URL of a new one-time link for the organiser."""
    token = f"{int_to_base36(user.pk)}-{TOKENS.make_token(user)}"
    return base_url.rstrip("/") + reverse("accounts:sign-in", args=[token])


def make_link(user: User, base_url: str, by: User | None) -> str:
    """Return a new one-time link, and record who asked for it: an organiser, or the operator at the server (None)."""
    record(by, Act.MAKE_LINK, user)
    return link_for(user, base_url)


def owner(token: str, users: QuerySet[User] | None = None) -> User | None:
    """Return the organiser that the link belongs to, or None if it is wrong, used or expired."""
    name, _dash, secret = token.partition("-")
    users = User.objects.all() if users is None else users
    try:
        user = users.filter(pk=base36_to_int(name), is_active=True, is_staff=True).first()
    except ValueError:
        return None
    return user if user and TOKENS.check_token(user, secret) else None


def use(request: HttpRequest, token: str) -> HttpResponse | None:
    """Sign in the link's owner, who then chooses a password; return None if the link is no longer valid.

    If the account has an authenticator, its code is still required.
    """
    with transaction.atomic():
        user = owner(token, User.objects.select_for_update())
        if user is None:
            return None
        user.set_unusable_password()
        user.save(update_fields=["password"])
    logout(request)
    record_authentication(request, user, method="link")
    return perform_login(request, user, redirect_url=reverse("account_set_password"))
