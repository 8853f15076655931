"""The invented organisers and signers of an invented campaign."""

from datetime import timedelta
from random import Random

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.utils import timezone

from pledges.counting.publishing import publish_counts
from pledges.models import Signature
from tests.accounts.organisers import make_established
from tests.factories import SignatureFactory

FIRST_NAMES = ["Maya", "Daniel", "Priya", "Owen", "Leah", "Samuel", "Aisha", "Callum", "Nina", "Joel", "Grace", "Idris"]
LAST_NAMES = ["Marlowe", "Okafor", "Sutton", "Bergman", "Kaur", "Whitfield", "Adler", "Penrose", "Haddad", "Lowry"]
TOWNS = ["Netherby", "Wickham Green", "Old Mill", "Fairley"]


def add_colleagues():
    """Create two organisers, each with a role; return them."""
    colleagues = []
    for username, first, last, role in [("tom", "Tom", "Asher", "Editor"), ("nadia", "Nadia", "Rahim", "Data officer")]:
        user = make_established(username, days=40, first_name=first, last_name=last, is_superuser=False)
        user.groups.add(Group.objects.get(name=role))
        colleagues.append(user)
    return colleagues


def settle_in(user):
    """Make an account 40 days old, so that its organiser may approve requests."""
    since = timezone.now() - timedelta(days=40)
    User.objects.filter(pk=user.pk).update(date_joined=since, last_login=since)
    Authenticator.objects.filter(user=user).update(created_at=since)


def add_signatures(pledge, now):
    """Add a month of signatures, the same in each run, and four more that are held for review."""
    random = Random(5)  # noqa: S311 - it invents signers
    for ago in range(30):
        for number in range(2 + (ago * 7) % 5 + 12 * (ago in (9, 10, 11))):
            _sign(pledge, now - timedelta(days=ago, minutes=20 + 31 * number), random)
    for minutes, reason in [(50, "automatic"), (75, "domain"), (80, "domain"), (140, "network")]:
        _sign(pledge, now - timedelta(minutes=minutes), random, state=Signature.State.HELD_FOR_REVIEW, suspicion=reason)
    publish_counts()
    cache.clear()


def _sign(pledge, moment, random, **fields):
    name = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
    is_public, is_pending = random.random() < 0.5, random.random() < 0.1
    if is_public and not is_pending and not fields:
        fields = {"public": True, "public_town": random.choice(TOWNS)}
    elif not is_pending:
        fields = {"confirmed": True} | fields
    confirmed = {"confirmed_at": moment + timedelta(minutes=4)} if "confirmed" in fields or "public" in fields else {}
    SignatureFactory(pledge=pledge, name=name, signed_at=moment, **fields, **confirmed)
