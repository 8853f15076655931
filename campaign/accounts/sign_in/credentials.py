"""The name, password and code of a sign-in, checked together so that nobody learns which of them was right.

Every attempt is counted before it is checked, so sending many at once gains nothing. Past the limits even correct
answers are refused. A known browser has a separate limit, which only its owner can use up.
"""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher, verify_password
from django.contrib.auth.models import User
from django.http import HttpRequest

from campaign.accounts.organisers import SECOND_FACTORS
from campaign.accounts.sign_in import browsers, codes
from campaign.accounts.sign_in.allauth_internals import RateLimitUsage, consume, get_user_by_username
from campaign.audit.log import record_failed_sign_in

NO_PASSWORD = "!"  # noqa: S105  # nosec B105 - never right, and takes as long to check as any other


@dataclass(frozen=True)
class Proof:
    """An organiser who has proved who they are, and their second factor; None if they have not set one up yet."""

    user: User
    authenticator: Authenticator | None


def verify(request: HttpRequest, name: str, password: str, code: str) -> Proof | None:
    """Return the organiser with this name, password and code, or None if any is wrong or too many attempts failed.

    A refusal takes the same time whatever was wrong. Only attempts from a network over its limit are refused at once,
    which reveals nothing about any account: hashing those passwords too would slow the site down for everybody.
    """
    user = get_user_by_username(name)
    browser = browsers.known(request, user)
    network_usage = None if browser else _count(request, "sign_in_network")
    if not (browser or network_usage):
        return None
    key = f"browser {user.pk} {browser}" if browser else f"name {name.lower()}"
    account_usage = _count(request, "login_failed", key)
    proof = _prove(user if account_usage else None, password, code)
    if proof:
        for usage in filter(None, (network_usage, account_usage)):
            usage.rollback()
    else:
        record_failed_sign_in(user if account_usage else None)
    return proof


def knows_password(request: HttpRequest, name: str, password: str) -> User | None:
    """Return the organiser with this name and password, and count the attempt towards the limits on sign-ins.

    A correct password counts too. Otherwise the limit would show a stranger that a password is correct.
    """
    if not _count(request, "sign_in_network"):
        return None
    user = get_user_by_username(name) if _count(request, "login_failed", f"name {name.lower()}") else None
    is_right, _is_outdated = verify_password(password, user.password if user else NO_PASSWORD)
    return user if is_right else None


def _count(request: HttpRequest, action: str, key: str | None = None) -> RateLimitUsage | None:
    """Count one attempt towards a limit in ACCOUNT_RATE_LIMITS; return None once it is over the limit."""
    return consume(request, app="allauth.account", action=action, key=key)


def _prove(user: User | None, password: str, code: str) -> Proof | None:
    """Do the same work for a right password, a wrong one and no account. Only a fully correct attempt gets further."""
    encoded = user.password if user else NO_PASSWORD
    is_right, is_outdated = verify_password(password, encoded)
    if is_right and is_outdated:
        identify_hasher(encoded).harden_runtime(password, encoded)  # as Django does for a wrong one
    authenticators = list(Authenticator.objects.filter(user_id=user.pk if user else 0))
    authenticator = codes.source(code, authenticators)
    needs_code = bool(code) or any(one.type in SECOND_FACTORS for one in authenticators)
    if not (user and is_right and (authenticator or not needs_code)):
        return None
    if authenticator and not codes.use_up(code, authenticator):
        return None
    if is_outdated:
        user.check_password(password)  # stores the new hash
    return Proof(user, authenticator)
