"""Helpers for tests of Gift Aid claims."""

from datetime import timedelta

from django.utils import timezone

from actions.fundraising.models import Claim
from actions.fundraising.models.claims import claimable
from tests.actions.factories import DeclarationFactory, PaymentFactory
from tests.factories import OrganiserFactory

DAY = timedelta(days=1)
ADA, RUTH = b"a" * 32, b"r" * 32


def claimable_payments(now=None):
    return list(claimable(now or timezone.now()))


def declared(**changes):
    """Return a declaration with a donation that is not paid yet."""
    return DeclarationFactory(**{"donation__donor_hash": ADA} | changes)


def paid(declaration, **changes):
    return PaymentFactory(donation=declaration.donation, **changes)


def claim(charity="The Charity"):
    return Claim.objects.make(charity, OrganiserFactory(), timezone.now())
