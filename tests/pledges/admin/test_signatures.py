"""Signatures in the admin: found by what organisers know, decided about with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.places.models import Constituency
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature, StateChange
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory

LIST = "/admin/pledges/signature/"


@pytest.fixture
def organiser(client, db):
    return sign_in(client)


@pytest.fixture
def found(client, organiser):
    """Search; give the keys of the signatures that are listed."""

    def search(words):
        answer = client.get(LIST, {"q": words})
        assert answer.status_code == 200
        return {signature.pk for signature in answer.context["cl"].result_list}

    return search


@pytest.fixture
def decide(client, organiser):
    """Choose some, and an action, and give a reason; give the page that follows."""

    def post(action, *signatures, reason="They told us."):
        chosen = {"action": action, "_selected_action": [one.pk for one in signatures], "reason": reason}
        return client.post(LIST, chosen, follow=True).content.decode()

    return post


@pytest.fixture
def confirm_number(client):
    """Type the number and the reason on the page that a dangerous action leads to."""

    def post(number):
        request = ApprovalRequest.objects.get()
        answers = {"ask": "1", "number": number, "reason": "They told us."}
        client.post(f"/admin/approvals/approvalrequest/{request.pk}/change/", answers)

    return post


def test_each_is_found_by_what_an_organiser_knows(found):
    Constituency.objects.create(code="E14001612", name="York Central", nation="E")
    SignatureFactory.create_batch(2)
    wanted = SignatureFactory(
        name="Ruth Feldman",
        email="ruth@small.example",
        area_code="E14001612",
        signed_at=timezone.now() - timedelta(days=9),
    )
    day = timezone.localdate() - timedelta(days=9)

    for words in ("RUTH@small.example", "@small.example", "york central", "ruth  FELDMAN", day.isoformat()):
        assert found(words) == {wanted.pk}, words
    for nothing in (
        "ruth",
        "nobody@example.net",
        "@nowhere.example",
        "2026-02-30",
        "1999-01-01",
        "9999-12-31",
        "0001-01-01",
    ):
        assert found(nothing) == set(), nothing
    assert len(found("")) == 3


def test_the_list_shows_no_address_and_no_name_that_is_not_public_in_few_queries(
    client, organiser, django_assert_max_num_queries
):
    SignatureFactory.create_batch(30, confirmed=True, pledge=PledgeFactory(), name="Hidden Person")
    SignatureFactory(public=True, name="Shown Person")
    with django_assert_max_num_queries(16):
        page = client.get(LIST).content.decode()

    assert "example.org" not in page.replace("@example.org", "", 1)  # but for the example of a search
    assert "Hidden Person" not in page
    assert "Shown Person" in page


def test_one_signature_shows_its_name_and_its_history_and_can_not_be_edited(client, organiser, decide):
    signature = SignatureFactory(confirmed=True, name="Hidden Person")
    decide("hold", signature)
    address = f"{LIST}{signature.pk}/change/"
    page = client.get(address).content.decode()

    assert "Hidden Person" in page
    assert "They told us." in page
    assert signature.email not in page
    assert client.post(address, {"state": "confirmed"}).status_code == 403


def test_rejecting_and_counting_again_moves_the_count(decide, confirm_number):
    signature = SignatureFactory(confirmed=True)
    decide("reject", signature)
    assert Signature.objects.get().state == "confirmed"
    confirm_number(1)
    assert Signature.objects.get().state == "rejected"
    publish_counts()
    assert Pledge.objects.with_count().get().count == 0

    decide("count", signature)
    publish_counts()
    assert Pledge.objects.with_count().get().count == 1
    assert {change.reason for change in StateChange.objects.all()} == {"They told us."}


@pytest.mark.parametrize("action", ["count", "hold"])
def test_nothing_is_decided_without_a_reason(decide, action):
    signature = SignatureFactory(confirmed=True)

    assert "Enter a reason" in decide(action, signature, reason="  ")
    assert Signature.objects.get().state == "confirmed"


def test_withdrawing_hides_at_once_erases_after_a_day_and_notes_the_organiser(decide, organiser, confirm_number):
    decide("withdraw", SignatureFactory(public=True))
    assert Signature.objects.get().state == "confirmed"
    confirm_number(1)
    hidden = Signature.objects.get()
    assert (hidden.state, hidden.public_name) == ("held", "")
    assert hidden.name
    act_on_due(timezone.now() + timedelta(hours=24))

    signature = Signature.objects.get()
    assert (signature.state, signature.name, signature.email, signature.public_name) == ("withdrawn", None, None, "")
    assert [(change.organiser, change.reason, change.new) for change in StateChange.objects.all()] == [
        (organiser, "They told us.", "withdrawn"),
        (organiser, "They told us.", "held"),
    ]


@pytest.mark.parametrize("action", ["withdraw", "reject"])
def test_two_clicks_cannot_take_everybody_out(decide, confirm_number, action):
    signers = SignatureFactory.create_batch(6, pledge=PledgeFactory(), public=True)
    page = decide(action, *signers)

    assert "<strong>6</strong> people" in " ".join(page.split())
    assert Signature.objects.filter(state="confirmed").count() == 6
    confirm_number(6)
    assert ApprovalRequest.objects.get().state == "waiting"
    act_on_due(timezone.now() + timedelta(days=7))
    assert Signature.objects.exclude(name=None).filter(state="held").count() == 6


def test_more_than_a_thousand_at_once_are_refused(decide, monkeypatch):
    monkeypatch.setattr("pledges.admin.signatures.MAX_AT_ONCE", 1)

    assert "too many at once" in decide("withdraw", *SignatureFactory.create_batch(2, confirmed=True))
    assert not ApprovalRequest.objects.exists()
