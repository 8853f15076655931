"""Who organisers are: what they may do, and what they still have to set up."""

from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.text import slugify

from campaign.audit.detail import MAX_ITEMS
from campaign.modeladmin import organiser

ESTABLISHED_AFTER = timedelta(days=7)
# An account also has recovery codes, which don't count as a second factor.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user: User) -> bool:
    """Return whether the organiser has set up an authenticator app or a passkey."""
    return is_mfa_enabled(user, SECOND_FACTORS)


def give_role(user: User, name: str) -> None:
    """Add the role whose group has this name, such as "Editor". Raises Group.DoesNotExist before `migrate` has run."""
    user.groups.add(Group.objects.get(name=name))


def rights_of(user: User) -> list[str]:
    """Return an account's current rights as codes for the audit log: "owner", its roles, and its further rights."""
    owner = ["owner"] if user.is_superuser else []
    further = user.user_permissions.values_list("content_type__app_label", "codename")
    roles = [slugify(name) for name in user.groups.values_list("name", flat=True)]
    return [*owner, *sorted(roles), *sorted(f"{app}.{name}" for app, name in further)][:MAX_ITEMS]


def is_established(user: User, now: datetime) -> bool:
    """Return whether the organiser joined and set up their second factor at least seven days before `now` (aware).

    The second factor counts too, so that nobody can take over an old account that never had one.
    """
    since = now - ESTABLISHED_AFTER
    factors = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS, created_at__lte=since)
    return user.is_active and user.date_joined <= since and factors.exists()


def next_step(request: HttpRequest) -> str | None:
    """Return the name of the page that the organiser must visit before the admin opens, or None if all is set up.

    It isn't enough for the account to have a second factor: this session must have used it. Otherwise a session begun
    with only the password would become valid once the account's holder set up a second factor.
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
