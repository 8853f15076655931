"""Organisers for tests, and the codes that their phones would show."""

import time
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.utils import timezone

from campaign import roles
from campaign.accounts.sign_in import sessions

PASSWORD = "three odd words"  # noqa: S105


def make_organiser(username="ada", **fields):
    """Create an organiser with a password and no second factor."""
    return User.objects.create_user(username, password=PASSWORD, is_staff=True, **fields)


def give_authenticator(user):
    """Set up the second factor; return the secret that `code` needs."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code(secret):
    """Return the code that the authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def log_in(client, code="", password=PASSWORD, name="ada", address="192.0.2.1"):
    """Send the sign-in form from a network address; return the response."""
    answers = {"login": name, "password": password, "code": code}
    return client.post("/accounts/login/", answers, headers={"X-Forwarded-For": address})


def sign_in(client, **fields):
    """Sign an organiser in with both factors, without the pages that sign-in tests walk through."""
    user = make_organiser(**{"is_superuser": True} | fields)
    give_authenticator(user)
    return begin_session(client, user)


def begin_session(client, user):
    """Sign in an organiser who already has both factors; return the organiser."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session[sessions.BEGUN] = session[sessions.EXTENDED] = time.time()  # so that no page has to save the session first
    session.save()
    return user


def sign_in_by_hand(page, url):
    """Create an organiser and sign in with both factors, as people do in a browser; return the page."""
    secret = give_authenticator(make_organiser(is_superuser=True))
    page.goto(f"{url}/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


def make_established(username="grace", *, days=8, **fields):
    """Return an organiser who joined and set up an authenticator this many days ago."""
    user = make_organiser(username, **{"is_superuser": True} | fields)
    since = timezone.now() - timedelta(days=days)
    give_authenticator(user)
    Authenticator.objects.filter(user=user).update(created_at=since)
    User.objects.filter(pk=user.pk).update(date_joined=since)
    user.refresh_from_db()
    return user


def give_former_rights(user):
    """Add the organiser to the group that dates from before roles."""
    user.groups.add(Group.objects.get_or_create(name=roles.FORMER_GROUP)[0])
    roles.store(apps, "default")


def sign_in_as(client, role):
    """Sign in an organiser with one role, such as "Editor"; return the user."""
    user = sign_in(client, username=role.lower().replace(" ", "-"), is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    return user
