"""The database contains nothing that links several uses of one address, and no address in plain text."""

from collections import defaultdict

import pytest
from django.db import connection
from django.utils import timezone

from campaign.email_addresses.canonical import address_hash
from campaign.mailings.filling import fill_due
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.models.delivery import person_hash
from campaign.mailings.sources import SOURCES
from campaign.mailings.unsubscribing import token
from campaign.news.models import Subscriber
from pledges.models import Signature
from tests.actions.factories import AttendeeFactory, ProtestFactory
from tests.factories import SignatureFactory
from tests.mail.links import link_in
from tests.news.factories import SubscriberFactory

CANARY = "canary@feldman-canary.example"


def binary_values():
    """Return the tables that contain each binary value in the database, but leave out empty values."""
    found = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE data_type = 'bytea' AND table_schema = current_schema()"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE length("{column}") > 0')  # noqa: S608
            for (value,) in cursor.fetchall():
                found[bytes(value)].add(table)
    return found


def add_deliveries(audience):
    """Fill a mailing to an audience. Return its deliveries."""
    mailing = Mailing.objects.create(subject="News", audience=audience, send_at=timezone.now())
    version = mailing.keep(None, "").number
    Mailing.objects.filter(pk=mailing.pk).update(state=Mailing.State.SCHEDULED, version=version)
    fill_due()
    return list(mailing.deliveries.all())


@pytest.mark.django_db
def test_nothing_links_a_count_only_signature_with_news_a_delivery_or_a_protest(client, join, send, caplog):
    counted = SignatureFactory(counted_only=True, email_hash=address_hash(CANARY))
    private = SignatureFactory(confirmed=True, email=CANARY)
    join(CANARY)
    (message,) = send()
    client.post(link_in(message, "/news/confirm/"))
    subscriber = Subscriber.objects.get()
    protest = ProtestFactory(takes_names=True)
    on = protest.next_date(timezone.now()).on
    AttendeeFactory(protest=protest, on=on, email=CANARY, wants_news=True)
    news, coming = add_deliveries("everybody"), add_deliveries(f"protests.coming:{protest.pk}")
    again = add_deliveries(f"protests.coming:{protest.pk}")

    assert [one.row for one in news] == [subscriber.pk]
    people = {bytes(one.person) for one in (*news, *coming, *again)}
    assert len(people) == len([*news, *coming, *again]) == 3
    assert Delivery.objects.of_address(CANARY).count() == 3
    shared = {tables for value, tables in binary_values().items() if len(tables) > 1 for tables in [tuple(tables)]}
    assert shared == set()
    rows = {bytes(one) for one in Signature.objects.values_list("email_hash", flat=True)}
    assert rows == {bytes(counted.email_hash), bytes(private.email_hash)}
    assert CANARY not in caplog.text
    clear = [value for value in binary_values() if b"canary" in value]
    assert clear == []


def erase_by_closing(signature):
    Signature.objects.filter(pk=signature.pk).erase_personal_data()


def choose_count_only(signature):
    kept = {"name": "", "shown_name": "", "town": "", "updates": False}
    signature.change(Signature.Visibility.COUNT, **kept)


@pytest.mark.django_db
@pytest.mark.parametrize("erase", [choose_count_only, erase_by_closing])
def test_deliveries_do_not_link_an_erased_signature_with_other_news(client, erase):
    signature = SignatureFactory(confirmed=True, email=CANARY, updates=True)
    add_deliveries("everybody")
    erase(signature)
    subscriber = SubscriberFactory(email=CANARY)
    add_deliveries("everybody")

    assert {bytes(person) for person in Delivery.objects.values_list("person", flat=True)} == {person_hash(CANARY)}
    assert not Delivery.objects.filter(row=signature.pk).exists()
    client.post(f"/news/unsubscribe/{token('pledges.signers', signature.pk)}/")
    assert not Subscriber.objects.filter(pk=subscriber.pk).exists()


@pytest.mark.django_db
def test_unsubscribing_journals_no_hash_of_a_signature_without_news(client, settings):
    settings.ERASURE_JOURNAL = ""
    SignatureFactory(counted_only=True, email_hash=address_hash(CANARY))
    SignatureFactory(confirmed=True, email=CANARY)
    Subscriber.ask(CANARY, timezone.now())
    Subscriber.objects.confirm(timezone.now())
    for source in SOURCES.values():
        source.unsubscribe(CANARY)

    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM privacy_erasureentry")
        lines = [line for (line,) in cursor.fetchall()]
    assert len(lines) == 1
    assert address_hash(CANARY).hex() not in lines[0]
