"""The command `organiser_sign_in`, which lets an organiser sign in."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import transaction
from django.urls import reverse

from campaign.accounts.organisers import give_role, has_second_factor, rights_of
from campaign.accounts.sign_in.links import make_link
from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.roles import EDITOR, ROLE_NAMES


class Command(BaseCommand):
    """A command that `make run` and operators run. It is safe to run twice."""

    help = "Create an organiser's account if there is none, and say how to sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="organiser")
        parser.add_argument("--role", default=EDITOR.name, choices=ROLE_NAMES, help="of a new account after the first")
        parser.add_argument("--base-url", default=settings.SITE_URL)
        parser.add_argument("--new-link", action="store_true", help="for a forgotten password")
        parser.add_argument(
            "--lost-phone",
            action="store_true",
            help="like --new-link, and removes the authenticator, passkeys and recovery codes from the account",
        )

    @transaction.atomic
    def handle(self, **options: Any) -> str:
        user = User.objects.filter(username=options["username"]).first()
        user = user or make_organiser(options["username"], options["role"])
        if options["lost_phone"]:
            Authenticator.objects.filter(user=user).delete()
            record(None, Act.REMOVE_FACTORS, user)
        if options["new_link"] or not has_second_factor(user):
            link = make_link(user, options["base_url"], by=None)
            return f"To sign in as {user.username}, open this link once, within a day:\n{link}"
        address = options["base_url"].rstrip("/") + reverse("admin:index")
        return f"Sign in at {address} as {user.username}"


def make_organiser(username: str, role: str) -> User:
    """Return a new organiser without a password. The first becomes an owner; later ones get this role."""
    is_first = not User.objects.filter(is_superuser=True).exists()
    user = User(username=username, is_staff=True, is_superuser=is_first)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    if not is_first:
        give_role(user, role)
    record(None, Act.ADD, user)
    record(None, Act.CHANGE_RIGHTS, user, rights=rights_of(user))
    return user
