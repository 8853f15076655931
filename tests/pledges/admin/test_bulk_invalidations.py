"""Bulk invalidations in the admin: drafted, requested, approved by a second organiser, undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from pledges.approvals.bulk_invalidations import BULK_INVALIDATION
from pledges.models import BulkInvalidation, Signature
from tests.accounts.organisers import make_established, sign_in
from tests.factories import PledgeFactory, SignatureFactory
from tests.pledges.models.test_bulk_invalidations import make_draft, run_steps

PAGE = "/admin/pledges/bulkinvalidation/"
EMPTY = dict.fromkeys(("only_state", "suspicion", "domain", "country", "area_code"), "") | {
    f"signed_{end}_{part}": "" for end in ("from", "until") for part in "01"
}


def test_an_organiser_drafts_previews_starts_and_undoes_a_bulk_invalidation(client, db):
    sign_in(client)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True, country="XA")
    draft = EMPTY | {"pledge": pledge.pk, "country": "xa", "reason": "Bought."}

    refused = client.post(f"{PAGE}add/", draft | {"country": ""})
    assert "at least one condition" in refused.content.decode()
    response = client.post(f"{PAGE}add/", draft, follow=True)
    invalidation = BulkInvalidation.objects.get()
    page = response.content.decode()
    assert "<strong>3</strong>" in page
    assert "Start…" in page
    assert Signature.objects.filter(state="confirmed").count() == 3

    client.post(f"{PAGE}{invalidation.pk}/change/", draft | {"begin": "running"})
    run_steps()
    assert Signature.objects.filter(state="confirmed").count() == 3
    request_start(client, invalidation, draft, 3)
    run_steps()
    assert Signature.objects.filter(state="rejected").count() == 3
    page = client.get(f"{PAGE}{invalidation.pk}/change/").content.decode()
    assert "Undo" in page
    assert "Start…" not in page

    client.post(f"{PAGE}{invalidation.pk}/change/", {"begin": "running"})
    invalidation.refresh_from_db()
    assert invalidation.state == "done"
    client.post(f"{PAGE}{invalidation.pk}/change/", {"begin": "undoing"})
    run_steps()
    assert Signature.objects.filter(state="confirmed").count() == 3


def request_start(client, invalidation, conditions, people):
    """Click the button; enter the number and the reason on the page that follows."""
    response = client.post(f"{PAGE}{invalidation.pk}/change/", conditions | {"begin": "ask"})
    client.post(response.url, {"ask": "1", "number": people, "reason": "Bought addresses."})


def test_more_than_five_people_need_a_second_organiser_and_the_conditions_stay(client, db):
    sign_in(client)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation = make_draft(pledge, country="XA")
    invalidation.save()
    draft = EMPTY | {"pledge": pledge.pk, "country": "XA", "reason": "Bought."}
    request_start(client, invalidation, draft, 6)
    SignatureFactory(pledge=pledge, confirmed=True, country="XA", signed_at=timezone.now() + timedelta(seconds=9))
    invalidation.refresh_from_db()
    run_steps()

    assert (invalidation.state, Signature.objects.filter(state="confirmed").count()) == ("asked", 7)
    assert client.post(f"{PAGE}{invalidation.pk}/change/", draft | {"country": "GB"}).status_code == 403
    ApprovalRequest.objects.get().approve(make_established(), timezone.now())
    run_steps()
    assert Signature.objects.filter(state="rejected").count() == 6


def test_a_refused_bulk_invalidation_becomes_a_draft_again(client, db):
    organiser = sign_in(client)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation = make_draft(pledge, country="XA")
    invalidation.save()
    request_start(client, invalidation, EMPTY | {"pledge": pledge.pk, "country": "XA", "reason": "Bought."}, 6)
    ApprovalRequest.objects.get().undo(organiser, timezone.now())
    invalidation.refresh_from_db()

    assert (invalidation.state, invalidation.started_at) == ("draft", None)


def make_requested(pledge, user, people, **conditions):
    """Create a bulk invalidation with one request to start it; return both, and a second draft of the request."""
    invalidation = make_draft(pledge, **conditions)
    invalidation.save()
    first, second = (
        ApprovalRequest.draft(BULK_INVALIDATION, user, about=invalidation, subject=invalidation.pk) for _number in "12"
    )
    assert first.submit(people, "Bought.", timezone.now())
    return invalidation, first, second


@pytest.mark.django_db
def test_a_second_request_is_refused_and_cannot_unfreeze_the_conditions():
    organiser = make_established()
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation, first, second = make_requested(pledge, organiser, 6, country="XA")

    assert not second.submit(6, "Once more.", timezone.now())
    assert not second.submit(0, "Once more.", timezone.now())
    second.refresh_from_db()
    invalidation.refresh_from_db()
    assert (second.state, invalidation.state) == ("draft", "asked")


@pytest.mark.django_db
def test_a_request_is_refused_if_the_conditions_change_meanwhile():
    organiser = make_established()
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    SignatureFactory(pledge=pledge, confirmed=True, country="XB")
    invalidation = make_draft(pledge, country="XB")
    invalidation.save()
    request = ApprovalRequest.draft(BULK_INVALIDATION, organiser, about=invalidation, subject=invalidation.pk)
    BulkInvalidation.objects.filter(pk=invalidation.pk).update(country="XA")

    assert not request.submit(1, "Bought.", timezone.now())
    invalidation.refresh_from_db()
    assert invalidation.state == "draft"


def test_saving_the_form_while_a_request_is_made_changes_nothing(client, db, monkeypatch):
    organiser = sign_in(client)
    pledge = PledgeFactory()
    SignatureFactory.create_batch(6, pledge=pledge, confirmed=True, country="XA")
    invalidation = make_draft(pledge, country="XA")
    invalidation.save()
    request = ApprovalRequest.draft(BULK_INVALIDATION, organiser, about=invalidation, subject=invalidation.pk)

    def clean(invalidation):  # a moment after the form has read it, and before it saves
        monkeypatch.undo()
        assert request.submit(6, "Bought.", timezone.now())

    monkeypatch.setattr(BulkInvalidation, "clean", clean)
    draft = EMPTY | {"pledge": pledge.pk, "country": "", "only_state": "confirmed", "reason": "Everybody."}

    assert client.post(f"{PAGE}{invalidation.pk}/change/", draft).status_code == 403
    invalidation = BulkInvalidation.objects.get()
    assert (invalidation.country, invalidation.only_state) == ("XA", "")


@pytest.mark.django_db
def test_no_more_signatures_are_rejected_than_were_approved():
    organiser = make_established()
    pledge = PledgeFactory()
    SignatureFactory(pledge=pledge, confirmed=True, state="held")
    later = SignatureFactory.create_batch(8, pledge=pledge, confirmed=True)
    invalidation, _first, _second = make_requested(pledge, organiser, 1, only_state="held")
    Signature.objects.filter(pk__in=[one.pk for one in later]).change_state("held", organiser, "Held.")
    run_steps()

    assert Signature.objects.filter(state="rejected").count() == 1
    invalidation.refresh_from_db()
    assert (invalidation.state, invalidation.rejected_count) == ("done", 1)
