"""Who organisers are: what they may do, and what they still have to set up."""

from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpRequest

from campaign.modeladmin import organiser

GROUP = "Organisers"
ESTABLISHED_AFTER = timedelta(days=7)
# Other permissions, such as the one to export, are granted to individual organisers.
EVERYDAY = "^(add|change|delete|view)_"
FURTHER_APPS = ["subject_access"]  # all their permissions are granted to individual organisers
CONTENT_APPS = ["pages", "pledges", "letters", "protests", "fundraising", "businesses", "mail"]


def organisers() -> Group:
    """Return the group that may edit everything but accounts, creating it or its permissions if necessary."""
    group, _is_new = Group.objects.get_or_create(name=GROUP)
    everyday = Permission.objects.filter(content_type__app_label__in=CONTENT_APPS, codename__regex=EVERYDAY)
    group.permissions.add(*everyday)
    return group


def has_second_factor(user: User) -> bool:
    """Return whether the organiser has set up an authenticator app."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP])


def is_established(user: User, now: datetime) -> bool:
    """Return whether the organiser both joined and set up their current authenticator seven days before `now` (aware).

    The authenticator counts too, so that nobody can take over an old account that never had one.
    """
    since = now - ESTABLISHED_AFTER
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP, created_at__lte=since)
    return user.is_active and user.date_joined <= since and codes.exists()


def next_step(request: HttpRequest) -> str | None:
    """Return the name of the page to visit before the admin opens, or None if nothing is missing.

    It is not enough that the account has an authenticator: this very session must have given a code.
    Otherwise a session begun with the password alone would become valid on the day its owner sets one up.
    """
    user = organiser(request)  # the middleware calls this for signed-in people only
    if not user.has_usable_password():
        return "account_set_password"
    if not has_second_factor(user):
        return "mfa_activate_totp"
    records = get_authentication_records(request, user)
    if not any(record["method"] == "mfa" for record in records):
        return "mfa_reauthenticate"
    return None
