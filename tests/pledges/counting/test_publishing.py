"""Publishing the count and the list: in steps, and exactly."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import correlation

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pledges.counting.publishing import pledges_due, publish_counts
from pledges.management.commands.publish_counts import Steps
from pledges.models import BulkInvalidation, Pledge, Signature
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory


@pytest.mark.django_db
def test_the_count_changes_only_when_it_is_published():
    pledge = PledgeFactory()
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True)
    SignatureFactory(pledge=pledge)
    assert Pledge.objects.with_count().get().count == 0

    call_command("publish_counts", "--once")

    assert Pledge.objects.with_count().get().count == 3


@pytest.mark.django_db
def test_a_withdrawn_name_leaves_the_list_immediately_and_the_count_at_the_next_step():
    signature = SignatureFactory(public=True)
    publish_counts()
    signature.refresh_from_db()
    signature.withdraw()

    assert not signature.pledge.signatures.listed().exists()
    signature.refresh_from_db()
    assert (signature.name, signature.email, signature.public_name) == (None, None, "")
    assert publish_counts() == 1
    assert Pledge.objects.with_count().get().count == 0


@pytest.mark.django_db(transaction=True)
def test_concurrent_publishing_counts_each_signature_once():
    pledge = PledgeFactory()
    SignatureFactory.create_batch(60, pledge=pledge, public=True)

    def work(number):
        try:
            return publish_counts()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) >= 60
    assert Pledge.objects.with_count().get().count == 60
    numbers = Signature.objects.values_list("public_number", flat=True)
    assert sorted(numbers) == list(range(1, 61))


@pytest.mark.django_db
def test_names_published_in_one_step_are_in_neither_signing_order_nor_key_order():
    signed = [signature.pk for signature in SignatureFactory.create_batch(200, pledge=PledgeFactory(), public=True)]
    assert publish_counts() == len(signed)

    place = dict(Signature.objects.listed().values_list("pk", "public_number"))
    assert sorted(place.values()) == list(range(1, len(signed) + 1))
    for known_order in (signed, sorted(signed)):
        # One shuffle in a hundred billion correlates this strongly: seven standard deviations.
        assert abs(correlation(range(len(signed)), [place[key] for key in known_order])) < 0.5


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["confirm", "withdraw", "reject", "accept", "publish"]), st.integers(0, 3)),
    max_size=20,
)


class AnyHistory(TestCase):
    """Whatever happens, in whatever order, the published count then equals a fresh count."""

    @given(ACTIONS)
    def test_the_count_equals_a_fresh_count(self, actions):
        pledge = PledgeFactory()
        people = SignatureFactory.create_batch(4, pledge=pledge)
        for action, number in actions:
            perform(action, people[number])
        publish_counts()
        publish_counts()

        fresh = pledge.signatures.filter(state="confirmed").count()
        assert Pledge.objects.with_count().get(pk=pledge.pk).count == fresh


def perform(action, signature):
    signatures = Signature.objects.filter(pk=signature.pk)
    if action == "confirm":
        signatures.filter(state="pending").update(state="confirmed")
    elif action == "withdraw":
        signatures.get().withdraw()
    elif action == "publish":
        publish_counts()
    else:
        signatures.change_state("rejected" if action == "reject" else "confirmed", OrganiserFactory(), "Because.")


@pytest.mark.django_db
@pytest.mark.parametrize(("waiting", "minutes", "due"), [(2, 1, False), (3, 1, True), (2, 15, True), (0, 15, True)])
def test_publishing_is_due_after_enough_changes_or_a_long_wait(settings, waiting, minutes, due):
    settings.COUNT_MIN_CHANGES, settings.COUNT_MAX_WAIT = 3, 15 * 60
    pledge = PledgeFactory()
    SignatureFactory.create_batch(waiting, pledge=pledge, confirmed=True)
    now = timezone.now()

    assert pledges_due(now, {pledge.pk: now - timedelta(minutes=minutes)}) == [pledge.pk] * due


@pytest.mark.django_db
def test_a_busy_pledge_does_not_publish_the_one_signature_under_a_quiet_one(settings):
    settings.COUNT_MIN_CHANGES, settings.COUNT_MAX_WAIT = 3, 15 * 60
    busy, quiet = PledgeFactory.create_batch(2)
    turn = Steps()
    turn()
    SignatureFactory.create_batch(3, pledge=busy, confirmed=True)
    SignatureFactory(pledge=quiet, confirmed=True)
    turn()

    counts = dict(Pledge.objects.with_count().values_list("pk", "count"))
    assert counts == {busy.pk: 3, quiet.pk: 0}


@pytest.mark.django_db
def test_the_worker_publishes_counts_runs_bulk_invalidations_and_closes_the_day(settings, time_machine):
    settings.COUNT_MIN_CHANGES = 1
    pledge = PledgeFactory()
    SignatureFactory.create_batch(10, pledge=pledge, confirmed=True, country="XA")
    turn = Steps()
    turn()
    assert Pledge.objects.with_count().get().count == 10
    assert not pledge.ledger.exists()

    time_machine.move_to(timezone.now() + timedelta(days=1))
    turn()
    assert pledge.ledger.get().count == 10

    BulkInvalidation.objects.create(
        pledge=pledge, country="XA", state="running", created_by=OrganiserFactory(), reason="Bought."
    )
    assert turn() == 10
    turn()
    assert Pledge.objects.with_count().get().count == 0
