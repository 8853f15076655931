"""Two requests of one person at the same moment, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaign.mail.models import Message, SuppressedAddress
from campaign.mailings import unsubscribing
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery
from campaign.mailings.sending.claiming import claim
from campaign.mailings.sending.sender import wanted_addresses
from campaign.news.models import Subscriber
from pledges.models import Signature
from tests.factories import SignatureFactory
from tests.mail.bounces.conftest import delivery
from tests.mailings.sending.conftest import fast, make_mailing  # noqa: F401 - a fixture
from tests.news.conftest import RUTH
from tests.news.factories import SubscriberFactory
from tests.sizes import size

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(size(4, 20))
ONE_CLICK = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}


def at_once(*tasks):
    """Start functions at the same moment, each in a thread; return their results. Raises what they raise."""
    barrier = Barrier(len(tasks))

    def run(task):
        connection.ensure_connection()
        barrier.wait(10)
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [one.result() for one in [pool.submit(run, task) for task in tasks]]


def path_of(row, source="news.subscribers"):
    return f"/news/unsubscribe/{unsubscribing.token(source, row.pk)}/"


def post(path, **body):
    return lambda: Client().post(path, **body).status_code


@pytest.mark.parametrize("_round", ROUNDS)
@pytest.mark.parametrize("ends", [("", ""), ("", "never/"), ("never/", "never/")])
def test_unsubscribing_twice_at_once(_round, ends):
    signature = SignatureFactory(confirmed=True, email=RUTH, updates=True)
    subscriber = SubscriberFactory(email=RUTH)
    for row, source in ((signature, "pledges.signers"), (subscriber, "news.subscribers")):
        delivery(make_mailing(), RUTH, source=source, row=row.pk).save()
    page = f"{path_of(signature, 'pledges.signers')}{ends[0]}"
    button = f"{path_of(subscriber)}{ends[1]}"

    assert at_once(post(page), post(button, **({} if ends[1] else ONE_CLICK))) == [200, 200]
    assert not Subscriber.objects.exists()
    assert not Signature.objects.filter(updates=True).exists()
    assert Signature.objects.get().state == "confirmed"
    assert Delivery.objects.filter(is_unsubscribed=True).count() == 2
    assert SuppressedAddress.objects.count() == any(ends)


@pytest.mark.parametrize("_round", ROUNDS)
def test_confirming_an_address_for_news_twice_at_once(_round):
    Subscriber.join(RUTH, None, timezone.now())
    row = Subscriber.objects.get()
    link, code = f"/news/confirm/{row.token}/", {"email": RUTH, "code": row.code}
    statuses = at_once(post(link), post(link), post("/news/check-your-email/", data=code))

    assert set(statuses) <= {200, 302}
    assert 302 in statuses
    assert Subscriber.objects.get().confirmed_at
    assert Message.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_unsubscribing_while_the_delivery_is_claimed(_round):
    subscriber = SubscriberFactory(email=RUTH)
    mailing = make_mailing()
    fill_due()
    mailing.refresh_from_db()

    def send():
        batch = claim(mailing, 1, timezone.now())
        return len(batch), wanted_addresses(batch)

    status, (claimed, addresses) = at_once(post(path_of(subscriber)), send)
    assert (status, claimed) == (200, 1)
    assert set(addresses.values()) <= {RUTH}
    assert not Subscriber.objects.exists()
    assert wanted_addresses(list(Delivery.objects.all())) == {}
    assert Delivery.objects.get().state == "claimed"
