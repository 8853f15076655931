"""Fixtures for bounces: a mailing that is being sent, and people who got it."""

import uuid

import pytest
from django.utils import timezone

from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.models.delivery import domain_hash, person_hash
from tests.mail.bounces.samples import RUTH


def delivery(mailing, address, **changes):
    """Return an unsaved delivery of a mailing that a mail server accepted a moment ago."""
    now = timezone.now()
    hashes = {"person": person_hash(address), "domain_hash": domain_hash(address)}
    state = {"state": Delivery.State.SENT, "claimed_at": now, "done_at": now}
    person = {"source": "news.subscribers", "row": uuid.uuid4()}
    return Delivery(mailing=mailing, **(hashes | state | person | changes))


@pytest.fixture
def mailing(db):
    """Return a mailing that is being sent and has reached Ruth."""
    mailing = Mailing.objects.create(subject="News", state=Mailing.State.SENDING, started_at=timezone.now())
    delivery(mailing, RUTH).save()
    return mailing


@pytest.fixture
def deliver(mailing):
    """Return a function that delivers the mailing to a number of other people."""

    def deliver(number):
        people = (f"{each}@example.com" for each in range(number))
        Delivery.objects.bulk_create(delivery(mailing, address) for address in people)

    return deliver
