"""Striking out many at once: by conditions, in the background, stopped and undone, exact all along."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from pledges.approvals.bulk_invalidations import BULK_INVALIDATION
from pledges.counting.publishing import publish_counts
from pledges.models import BulkInvalidation, Pledge, Signature, StateChange, bulk_invalidation
from tests.accounts.organisers import make_established, sign_in
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory


@pytest.fixture
def small_steps(monkeypatch):
    monkeypatch.setattr(bulk_invalidation, "STEP", 2)


def make(pledge, **conditions):
    return BulkInvalidation(pledge=pledge, created_by=OrganiserFactory(), reason="Bought addresses.", **conditions)


def started(pledge, **conditions):
    invalidation = make(pledge, **conditions)
    invalidation.clean()
    invalidation.save()
    invalidation.move_to("running", timezone.now())
    return invalidation


def run():
    while bulk_invalidation.step():
        pass


def counted():
    while publish_counts():
        pass
    return Pledge.objects.with_count().get().count


@pytest.mark.django_db
def test_it_strikes_out_what_fits_and_nothing_else(small_steps):
    pledge = PledgeFactory()
    for number in range(5):
        SignatureFactory(pledge=pledge, email=f"x{number}@spam.example", confirmed=True)
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True)
    SignatureFactory(pledge=pledge, email="late@spam.example")
    invalidation = started(pledge, domain="@Spam.example")
    run()
    invalidation.refresh_from_db()

    assert (invalidation.state, invalidation.rejected_count) == ("done", 5)
    assert counted() == 3
    states = sorted(Signature.objects.values_list("state", flat=True))
    assert states == ["confirmed"] * 3 + ["pending"] + ["rejected"] * 5


@pytest.mark.django_db
def test_undoing_brings_each_back_to_what_it_was_and_leaves_what_was_decided_since(small_steps):
    pledge = PledgeFactory()
    counting, held, withdrawn, again = (
        SignatureFactory(pledge=pledge, confirmed=True, country="XA", state=state)
        for state in ("confirmed", "held", "confirmed", "confirmed")
    )
    invalidation = started(pledge, country="xa")
    run()
    withdrawn.withdraw()
    Signature.objects.filter(pk=again.pk).change_state("confirmed", OrganiserFactory(), "She called.")
    Signature.objects.filter(pk=again.pk).change_state("rejected", OrganiserFactory(), "She lied.")
    invalidation.refresh_from_db()
    invalidation.move_to("undoing", timezone.now())
    run()

    states = dict(Signature.objects.values_list("pk", "state"))
    assert states == {
        counting.pk: "confirmed",
        held.pk: "held",
        withdrawn.pk: "withdrawn",
        again.pk: "rejected",
    }
    invalidation.refresh_from_db()
    assert (invalidation.state, invalidation.restored_count) == ("undone", 2)
    assert counted() == 1


@pytest.mark.django_db
def test_it_can_be_stopped_half_way_and_undone(small_steps):
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation = started(pledge, country="XA")
    bulk_invalidation.step()
    invalidation.refresh_from_db()
    invalidation.move_to("stopped", timezone.now())

    assert bulk_invalidation.step() == 0
    assert counted() == 4
    invalidation.move_to("undoing", timezone.now())
    run()
    assert counted() == 6


@pytest.mark.django_db
def test_whoever_signs_after_it_started_is_left_alone():
    pledge = PledgeFactory()
    invalidation = started(pledge, country="XA")
    SignatureFactory(pledge=pledge, confirmed=True, country="XA", signed_at=timezone.now() + timedelta(seconds=5))
    run()

    assert not StateChange.objects.filter(bulk_invalidation=invalidation).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("conditions", [{}, {"domain": " @ "}, {"country": " "}])
def test_a_sweep_without_conditions_is_refused(conditions):
    with pytest.raises(ValidationError, match="at least one condition"):
        make(PledgeFactory(), **conditions).clean()


@pytest.mark.django_db
def test_a_domain_is_found_however_an_organiser_spells_it_and_refused_if_it_is_none():
    pledge = PledgeFactory()
    SignatureFactory(pledge=pledge, confirmed=True, email="x@xn--bcher-kva.example")
    for typed in ("@Bücher.example ", "xn--bcher-kva.example", "BÜCHER.example\u200b"):
        invalidation = make(pledge, domain=typed)
        invalidation.clean()
        assert invalidation.domain == "xn--bcher-kva.example"
        assert invalidation.matching().count() == 1

    with pytest.raises(ValidationError, match="Enter a domain"):
        make(pledge, domain="bücher example").clean()


@pytest.mark.django_db(transaction=True)
def test_counts_stay_exact_while_people_confirm_withdraw_and_two_workers_sweep(monkeypatch):
    monkeypatch.setattr(bulk_invalidation, "STEP", 5)
    pledge = PledgeFactory()
    people = SignatureFactory.create_batch(40, pledge=pledge, confirmed=True, country="XA")
    waiting = SignatureFactory.create_batch(10, pledge=pledge, country="XA")
    invalidation = started(pledge, country="XA")

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
    run()
    invalidation.refresh_from_db()
    invalidation.move_to("undoing", timezone.now())
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(10, 50)))
    run()

    assert counted() == Signature.objects.filter(state="confirmed").count()
    assert Signature.objects.filter(state="rejected").count() == 0


PAGE = "/admin/pledges/bulkinvalidation/"
EMPTY = dict.fromkeys(("only_state", "suspicion", "domain", "country", "area_code"), "") | {
    f"signed_{end}_{part}": "" for end in ("from", "until") for part in "01"
}


def test_an_organiser_drafts_looks_starts_and_undoes(client, db):
    sign_in(client)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True, country="XA")
    draft = EMPTY | {"pledge": pledge.pk, "country": "xa", "reason": "Bought."}

    refused = client.post(f"{PAGE}add/", draft | {"country": ""})
    assert "at least one condition" in refused.content.decode()
    answer = client.post(f"{PAGE}add/", draft, follow=True)
    invalidation = BulkInvalidation.objects.get()
    page = answer.content.decode()
    assert "<strong>3</strong>" in page
    assert "Start…" in page
    assert Signature.objects.filter(state="confirmed").count() == 3

    client.post(f"{PAGE}{invalidation.pk}/change/", draft | {"begin": "running"})
    run()
    assert Signature.objects.filter(state="confirmed").count() == 3
    ask_to_start(client, invalidation, draft, 3)
    run()
    assert Signature.objects.filter(state="rejected").count() == 3
    page = client.get(f"{PAGE}{invalidation.pk}/change/").content.decode()
    assert "Undo" in page
    assert "Start…" not in page

    client.post(f"{PAGE}{invalidation.pk}/change/", {"begin": "running"})
    invalidation.refresh_from_db()
    assert invalidation.state == "done"
    client.post(f"{PAGE}{invalidation.pk}/change/", {"begin": "undoing"})
    run()
    assert Signature.objects.filter(state="confirmed").count() == 3


def ask_to_start(client, invalidation, conditions, people):
    """Press the button, and type the number and the reason on the page that follows."""
    answer = client.post(f"{PAGE}{invalidation.pk}/change/", conditions | {"begin": "ask"})
    client.post(answer.url, {"ask": "1", "number": people, "reason": "Bought addresses."})


def test_more_than_five_wait_for_a_second_organiser_and_the_conditions_stay(client, db):
    sign_in(client)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation = make(pledge, country="XA")
    invalidation.save()
    draft = EMPTY | {"pledge": pledge.pk, "country": "XA", "reason": "Bought."}
    ask_to_start(client, invalidation, draft, 6)
    SignatureFactory(pledge=pledge, confirmed=True, country="XA", signed_at=timezone.now() + timedelta(seconds=9))
    invalidation.refresh_from_db()
    run()

    assert (invalidation.state, Signature.objects.filter(state="confirmed").count()) == ("asked", 7)
    assert client.post(f"{PAGE}{invalidation.pk}/change/", draft | {"country": "GB"}).status_code == 403
    ApprovalRequest.objects.get().approve(make_established(), timezone.now())
    run()
    assert Signature.objects.filter(state="rejected").count() == 6


def test_refused_it_is_a_draft_again(client, db):
    organiser = sign_in(client)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation = make(pledge, country="XA")
    invalidation.save()
    ask_to_start(client, invalidation, EMPTY | {"pledge": pledge.pk, "country": "XA", "reason": "Bought."}, 6)
    ApprovalRequest.objects.get().undo(organiser, timezone.now())
    invalidation.refresh_from_db()

    assert (invalidation.state, invalidation.started_at) == ("draft", None)


def asked_to_start(pledge, user, people, **conditions):
    """A bulk invalidation with one request to start it, and a second draft of the same."""
    invalidation = make(pledge, **conditions)
    invalidation.save()
    first, second = (
        ApprovalRequest.draft(BULK_INVALIDATION, user, about=invalidation, subject=invalidation.pk) for _number in "12"
    )
    assert first.ask(people, "Bought.", timezone.now())
    return invalidation, first, second


@pytest.mark.django_db
def test_it_is_asked_for_once_so_that_no_other_request_thaws_its_conditions():
    organiser = make_established()
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation, first, second = asked_to_start(pledge, organiser, 6, country="XA")

    assert not second.ask(6, "Once more.", timezone.now())
    assert not second.ask(0, "Once more.", timezone.now())
    second.refresh_from_db()
    invalidation.refresh_from_db()
    assert (second.state, invalidation.state) == ("draft", "asked")


@pytest.mark.django_db
def test_conditions_saved_while_somebody_asks_are_not_started():
    organiser = make_established()
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    SignatureFactory(pledge=pledge, confirmed=True, country="XB")
    invalidation = make(pledge, country="XB")
    invalidation.save()
    request = ApprovalRequest.draft(BULK_INVALIDATION, organiser, about=invalidation, subject=invalidation.pk)
    BulkInvalidation.objects.filter(pk=invalidation.pk).update(country="XA")

    assert not request.ask(1, "Bought.", timezone.now())
    invalidation.refresh_from_db()
    assert invalidation.state == "draft"


def test_a_form_sent_while_it_is_asked_for_changes_nothing(client, db, monkeypatch):
    organiser = sign_in(client)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation = make(pledge, country="XA")
    invalidation.save()
    request = ApprovalRequest.draft(BULK_INVALIDATION, organiser, about=invalidation, subject=invalidation.pk)

    def clean(invalidation):  # a moment after the form has read it, and before it saves
        monkeypatch.undo()
        assert request.ask(6, "Bought.", timezone.now())

    monkeypatch.setattr(BulkInvalidation, "clean", clean)
    draft = EMPTY | {"pledge": pledge.pk, "country": "", "only_state": "confirmed", "reason": "Everybody."}

    assert client.post(f"{PAGE}{invalidation.pk}/change/", draft).status_code == 403
    invalidation = BulkInvalidation.objects.get()
    assert (invalidation.country, invalidation.only_state) == ("XA", "")


@pytest.mark.django_db
def test_stopped_and_gone_on_with_it_strikes_out_no_more_than_were_agreed():
    organiser = make_established()
    pledge = PledgeFactory()
    SignatureFactory(pledge=pledge, confirmed=True, state="held")
    later = SignatureFactory.create_batch(8, pledge=pledge, confirmed=True)
    invalidation, _first, _second = asked_to_start(pledge, organiser, 1, only_state="held")
    Signature.objects.filter(pk__in=[one.pk for one in later]).change_state("held", organiser, "Held.")
    run()

    assert Signature.objects.filter(state="rejected").count() == 1
    invalidation.refresh_from_db()
    assert (invalidation.state, invalidation.rejected_count) == ("done", 1)
