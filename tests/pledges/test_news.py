"""Signers who asked for news, as recipients of mailings."""

import pytest
from django.db import connection
from django.utils import timezone

from campaign.mail.models import Message
from campaign.mailings.sources import SOURCES
from campaign.public_names.models import Hiding
from pledges.models import ManageLink, Signature
from pledges.models.manage_link import MANAGE
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory
from tests.news.factories import SubscriberFactory
from tests.tables import uses_index

KEY = "pledges.signers"
SOURCE = SOURCES[KEY]

pytestmark = pytest.mark.django_db


def reached(key=KEY, codes=None):
    return sorted(address for _row, address in SOURCE.recipients(key, codes))


def wants(email, **fields):
    return SignatureFactory(**{"confirmed": True, "updates": True, "email": email} | fields)


def test_only_signatures_that_count_and_ask_for_news_are_read():
    wants("a@example.org")
    wants("b@example.org", visibility="public", public_name="B")
    for state in ("pending", "held", "rejected", "withdrawn"):
        wants(f"{state}@example.org", confirmed=False, state=state)
    wants("private@example.org", updates=False)
    SignatureFactory(counted_only=True, updates=True)
    gone = wants("gone@example.org")
    gone.withdraw()

    assert reached() == ["a@example.org", "b@example.org"]
    every = list(Signature.objects.values_list("pk", flat=True))
    assert sorted(SOURCE.addresses(every).values()) == ["a@example.org", "b@example.org"]


def test_an_audience_is_one_pledge_limited_to_some_constituencies():
    pledge = PledgeFactory(title="Stop it")
    wants("a@example.org", pledge=pledge, area_code="E14001265")
    wants("b@example.org", pledge=pledge)
    wants("c@example.org", area_code="E14001265")

    assert (f"{KEY}:{pledge.pk}", "Signers of “Stop it” who want news") in SOURCE.audiences()
    assert reached(f"{KEY}:{pledge.pk}") == ["a@example.org", "b@example.org"]
    assert reached(f"{KEY}:{pledge.pk}", ["E14001265"]) == ["a@example.org"]
    assert reached(KEY, {"E14001265"}) == ["a@example.org", "c@example.org"]
    assert reached(KEY, []) == []


def test_rows_are_read_in_batches_and_a_damaged_row_stops_nobody_elses_message(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("campaign.mailings.model_source.BATCH", 2)
    pledge = PledgeFactory()
    rows = [wants(f"{number}@example.org", pledge=pledge) for number in range(5)]
    damaged = min(rows, key=lambda row: row.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_signature SET email = 'damaged' WHERE id = %s", [damaged.pk])

    with django_assert_num_queries(4):  # two full batches, one with a single row, and an empty one
        assert len(reached(f"{KEY}:{pledge.pk}")) == 4


def copy_many(signature):
    """Copy a signature 5,000 times and let one copy in 50 want news. Update the planner's statistics."""
    fresh = dict.fromkeys(("email_hash", "token_hash"), "sha256(uuid_send(gen_random_uuid()))")
    fresh |= {"id": "gen_random_uuid()", "updates": "mod(number, 50) = 0"}
    columns = [field.column for field in Signature._meta.concrete_fields]
    values = ", ".join(fresh.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO pledges_signature ({', '.join(columns)})"  # noqa: S608
            f" SELECT {values} FROM pledges_signature, generate_series(1, 5000) AS number WHERE id = %s",
            [signature.pk],
        )
        cursor.execute("ANALYZE pledges_signature")


def test_reading_and_unsubscribing_use_indexes():
    signature = wants("a@example.org")
    copy_many(signature)
    rows = SOURCE.wanted().filter(pledge=signature.pledge, pk__gt="12345678-1234-5678-1234-567812345678")
    assert uses_index("signatures_news", rows.order_by("pk")[:1000].explain())
    assert len(reached()) == 1 + 5000 // 50

    mine = Signature.objects.filter(pledge__in=[1, signature.pledge_id], updates=True).of_address("a@example.org")
    assert "Seq Scan" not in mine.explain()


def test_the_panic_switch_hides_names_but_stops_no_messages():
    wants("a@example.org", visibility="public", public_name="Ada")
    Hiding.begin(OrganiserFactory(), Hiding.Reason.DANGER, timezone.now())

    assert reached() == ["a@example.org"]


def manage(signature, **changes):
    """Change a signature, as its manage page does."""
    answers = {"name": signature.name, "shown_name": "", "town": "", "updates": signature.updates}
    signature.change(changes.pop("visibility", signature.visibility), **answers | changes)


def test_unticking_the_box_does_the_same_as_the_link_in_a_message():
    first, second = wants("a@example.org"), wants("a@example.org")
    SubscriberFactory(email="a@example.org")
    manage(first, updates=False)

    assert reached() == []
    assert list(SOURCES["news.subscribers"].recipients("news.subscribers", None)) == []
    second.refresh_from_db()
    assert (second.state, second.updates) == ("confirmed", False)


def test_a_change_that_leaves_the_box_alone_stops_nothing():
    first, _second = wants("a@example.org", updates=False), wants("a@example.org")
    manage(first, visibility="public")
    third = wants("a@example.org")
    manage(third, visibility="count")

    assert reached() == ["a@example.org"]


def test_ticking_the_box_again_brings_news_back():
    signature = wants("a@example.org")
    SOURCE.unsubscribe("a@example.org")
    assert reached() == []
    signature.refresh_from_db()
    manage(signature, updates=True)

    assert reached() == ["a@example.org"]


def test_signing_again_with_the_box_ticked_after_stopping_news_sends_a_link_to_tick_it(sign, pledge):
    signature = wants("ruth@example.org", pledge=pledge, updates=False)
    answers = [sign(updates=""), sign(updates="on"), sign(updates="on", email="new@example.org")]

    assert len({(one.status_code, one["Location"]) for one in answers}) == 1
    assert Message.objects.filter(kind=MANAGE).count() == ManageLink.objects.count() == 1
    signature.refresh_from_db()
    assert not signature.updates


def test_signing_again_after_withdrawing_or_under_another_pledge_brings_news_back(sign, client, confirm_link, pledge):
    earlier = wants("ruth@example.org", updates=False)
    sign(updates="on")
    client.post(confirm_link())
    assert reached() == ["ruth@example.org"]

    Signature.objects.get(pledge=pledge).withdraw()
    assert reached() == []
    sign(updates="on")
    client.post(confirm_link())
    assert reached() == ["ruth@example.org"]
    assert Signature.objects.filter(pk=earlier.pk, updates=False).exists()
