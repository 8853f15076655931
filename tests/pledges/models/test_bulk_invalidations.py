"""Bulk invalidations: conditions, steps in the background, stopping and undoing, with exact counts throughout."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from pledges.counting.publishing import publish_counts
from pledges.models import BulkInvalidation, Pledge, Signature, StateChange, bulk_invalidation
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory


@pytest.fixture
def small_steps(monkeypatch):
    monkeypatch.setattr(bulk_invalidation, "STEP", 2)


def make_draft(pledge, **conditions):
    return BulkInvalidation(pledge=pledge, created_by=OrganiserFactory(), reason="Bought addresses.", **conditions)


def start(pledge, **conditions):
    invalidation = make_draft(pledge, **conditions)
    invalidation.clean()
    invalidation.save()
    invalidation.move_to("running", timezone.now())
    return invalidation


def run_steps():
    while bulk_invalidation.step():
        pass


def published_count():
    while publish_counts():
        pass
    return Pledge.objects.with_count().get().count


@pytest.mark.django_db
def test_confirmed_signatures_that_match_are_rejected_and_no_others(small_steps):
    pledge = PledgeFactory()
    for number in range(5):
        SignatureFactory(pledge=pledge, email=f"x{number}@spam.example", confirmed=True)
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True)
    SignatureFactory(pledge=pledge, email="late@spam.example")
    invalidation = start(pledge, domain="@Spam.example")
    run_steps()
    invalidation.refresh_from_db()

    assert (invalidation.state, invalidation.rejected_count) == ("done", 5)
    assert published_count() == 3
    states = sorted(Signature.objects.values_list("state", flat=True))
    assert states == ["confirmed"] * 3 + ["pending"] + ["rejected"] * 5


@pytest.mark.django_db
def test_undoing_restores_earlier_states_but_keeps_later_decisions(small_steps):
    pledge = PledgeFactory()
    counting, held, withdrawn, again = (
        SignatureFactory(pledge=pledge, confirmed=True, country="XA", state=state)
        for state in ("confirmed", "held", "confirmed", "confirmed")
    )
    invalidation = start(pledge, country="xa")
    run_steps()
    withdrawn.withdraw()
    Signature.objects.filter(pk=again.pk).change_state("confirmed", OrganiserFactory(), "She called.")
    Signature.objects.filter(pk=again.pk).change_state("rejected", OrganiserFactory(), "She lied.")
    invalidation.refresh_from_db()
    invalidation.move_to("undoing", timezone.now())
    run_steps()

    states = dict(Signature.objects.values_list("pk", "state"))
    assert states == {
        counting.pk: "confirmed",
        held.pk: "held",
        withdrawn.pk: "withdrawn",
        again.pk: "rejected",
    }
    invalidation.refresh_from_db()
    assert (invalidation.state, invalidation.restored_count) == ("undone", 2)
    assert published_count() == 1


@pytest.mark.django_db
def test_a_bulk_invalidation_can_be_stopped_halfway_and_undone(small_steps):
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation = start(pledge, country="XA")
    bulk_invalidation.step()
    invalidation.refresh_from_db()
    invalidation.move_to("stopped", timezone.now())

    assert bulk_invalidation.step() == 0
    assert published_count() == 4
    invalidation.move_to("undoing", timezone.now())
    run_steps()
    assert published_count() == 6


@pytest.mark.django_db
def test_people_who_sign_after_the_start_are_left_alone():
    pledge = PledgeFactory()
    invalidation = start(pledge, country="XA")
    SignatureFactory(pledge=pledge, confirmed=True, country="XA", signed_at=timezone.now() + timedelta(seconds=5))
    run_steps()

    assert not StateChange.objects.filter(bulk_invalidation=invalidation).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("conditions", [{}, {"domain": " @ "}, {"country": " "}])
def test_a_bulk_invalidation_without_conditions_is_refused(conditions):
    with pytest.raises(ValidationError, match="at least one condition"):
        make_draft(PledgeFactory(), **conditions).clean()


@pytest.mark.django_db
def test_a_domain_matches_however_it_is_spelt_and_is_refused_if_invalid():
    pledge = PledgeFactory()
    SignatureFactory(pledge=pledge, confirmed=True, email="x@xn--bcher-kva.example")
    for typed in ("@Bücher.example ", "xn--bcher-kva.example", "BÜCHER.example\u200b"):
        invalidation = make_draft(pledge, domain=typed)
        invalidation.clean()
        assert invalidation.domain == "xn--bcher-kva.example"
        assert invalidation.matching().count() == 1

    with pytest.raises(ValidationError, match="Enter a domain"):
        make_draft(pledge, domain="bücher example").clean()


@pytest.mark.django_db(transaction=True)
def test_counts_stay_exact_while_people_confirm_and_withdraw_and_several_workers_run_steps(monkeypatch):
    monkeypatch.setattr(bulk_invalidation, "STEP", 5)
    pledge = PledgeFactory()
    people = SignatureFactory.create_batch(40, pledge=pledge, confirmed=True, country="XA")
    waiting = SignatureFactory.create_batch(10, pledge=pledge, country="XA")
    invalidation = start(pledge, country="XA")

    def act(number):
        try:
            if number < 10:
                Signature.objects.filter(pk=waiting[number].pk).confirm(timezone.now())
                Signature.objects.get(pk=people[number].pk).withdraw()
            bulk_invalidation.step()
            publish_counts()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(40)))
    run_steps()
    invalidation.refresh_from_db()
    invalidation.move_to("undoing", timezone.now())
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(10, 50)))
    run_steps()

    assert published_count() == Signature.objects.filter(state="confirmed").count()
    assert Signature.objects.filter(state="rejected").count() == 0
