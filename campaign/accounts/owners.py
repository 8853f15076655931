"""Owners, who manage accounts. At least one can always sign in, even if two demote each other at the same moment."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import QuerySet

from campaign.accounts.organisers import SECOND_FACTORS


def owners() -> QuerySet[User]:
    """Return the owners whose accounts are open."""
    return User.objects.filter(is_superuser=True, is_staff=True, is_active=True)


def lock_owners() -> list[User]:
    """Lock and return every owner, after waiting for other changes to owners. Call it inside a transaction."""
    return list(owners().select_for_update(no_key=True).order_by("pk"))


def is_last_owner(user: User, among: list[User]) -> bool:
    """Return whether this is the only owner in the list who can sign in. Those who never have don't count."""
    others = [one.pk for one in among if one.pk != user.pk and one.has_usable_password()]
    return not Authenticator.objects.filter(user__in=others, type__in=SECOND_FACTORS).exists()
