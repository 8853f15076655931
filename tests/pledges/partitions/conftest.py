"""Databases of their own, whose table of signatures is partitioned or about to be."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from pledges.counting.publishing import publish_counts
from pledges.models import ManageLink, Reason, Signature
from tests.databases import copy_in_use
from tests.factories import PledgeFactory, SignatureFactory
from tests.tables import contents

PARTITIONS = 3


def fill():
    """Store signatures in every state, with what refers to them."""
    pledge = PledgeFactory(slug="filled")
    SignatureFactory.create_batch(12, pledge=pledge)
    SignatureFactory.create_batch(6, pledge=pledge, counted_only=True)
    for number, signature in enumerate(SignatureFactory.create_batch(12, pledge=pledge, public=True)):
        ManageLink.objects.create(
            pledge=pledge,
            signature=signature,
            email=signature.email,
            token_hash=bytes([number]) * 32,
            created_at=timezone.now(),
        )
        Reason.objects.create(signature=signature, pledge=pledge, text="It matters.", written_at=timezone.now())
    publish_counts()
    Signature.objects.filter(state="pending").first().discard()
    Signature.objects.filter(state="confirmed").first().withdraw()


@pytest.fixture(scope="module")
def undivided(django_db_setup, django_db_blocker):
    """Return the name of a database with signatures in one table."""
    with django_db_blocker.unblock(), copy_in_use("whole") as name:
        fill()
        yield name


@pytest.fixture(scope="module")
def before(undivided):
    """Return every row as it was before the table was partitioned."""
    return contents()


@pytest.fixture(scope="module")
def divided(before):
    """Return the name of a partitioned database, which the tests of a file share."""
    with copy_in_use("parts") as name:
        call_command("partition_signatures", partitions=PARTITIONS, interactive=False)
        yield name
