"""Signatures in the admin: organisers search for them, and change their state with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.forms.names import tidy
from campaign.places.models import Constituency
from campaign.privacy.crypto import keyed_hash
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature, StateChange
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory

LIST = "/admin/pledges/signature/"


@pytest.fixture
def organiser(client, db):
    return sign_in(client)


@pytest.fixture
def search(client, organiser):
    """Search the list; return the keys of the signatures in it."""

    def search(query):
        response = client.get(LIST, {"q": query})
        assert response.status_code == 200
        return {signature.pk for signature in response.context["cl"].result_list}

    return search


@pytest.fixture
def run_action(client, organiser):
    """Run an action on some signatures, with a reason; return the page that follows."""

    def post(action, *signatures, reason="They told us."):
        answers = {"action": action, "_selected_action": [one.pk for one in signatures], "reason": reason}
        return client.post(LIST, answers, follow=True).content.decode()

    return post


@pytest.fixture
def confirm_number(client):
    """Enter the number and the reason on the page to which a dangerous action redirects."""

    def post(number):
        request = ApprovalRequest.objects.get()
        answers = {"ask": "1", "number": number, "reason": "They told us."}
        client.post(f"/admin/approvals/approvalrequest/{request.pk}/change/", answers)

    return post


def test_a_signature_is_found_by_address_domain_constituency_name_or_day(search):
    Constituency.objects.create(code="E14001612", name="York Central", nation="E")
    SignatureFactory.create_batch(2)
    wanted = SignatureFactory(
        name="Ruth Feldman",
        email="ruth@small.example",
        area_code="E14001612",
        signed_at=timezone.now() - timedelta(days=9),
    )
    day = timezone.localdate() - timedelta(days=9)

    for query in ("RUTH@small.example", "@small.example", "york central", "ruth  FELDMAN", day.isoformat()):
        assert search(query) == {wanted.pk}, query
    for query in (
        "ruth",
        "nobody@example.net",
        "@nowhere.example",
        "2026-02-30",
        "1999-01-01",
        "9999-12-31",
        "0001-01-01",
    ):
        assert search(query) == set(), query
    assert len(search("")) == 3


@pytest.mark.parametrize(
    "signed", ["Aoife O'Brien-Smith", "Aoife O’Brien-Smith", "Aoife O‘Brien–Smith", "Aoife Oʼbrien‑smith"]
)
@pytest.mark.parametrize("typed", ["aoife o'brien-smith", "Aoife O’Brien—Smith", "AOIFE O`BRIEN−SMITH"])
def test_a_name_is_found_with_any_apostrophe_and_any_dash(search, signed, typed):
    SignatureFactory(name="Aoife O Brien Smith")
    wanted = SignatureFactory(name=signed)

    assert search(typed) == {wanted.pk}


@pytest.mark.parametrize(
    "signed", ["Aoife O'Brien-Smith", "Aoife O’Brien-Smith", "Aoife O‘Brien–Smith", "Aoife Oʼbrien-smith"]
)
def test_a_name_hashed_when_apostrophes_and_dashes_still_mattered_is_found(search, signed):
    wanted = SignatureFactory(name=signed)
    Signature.objects.update(name_hash=keyed_hash(tidy(signed).casefold(), "name")[:16])

    assert search(signed) == {wanted.pk}
    assert search("aoife o'brien-smith") == ({wanted.pk} if "ʼ" not in signed else set())


def test_the_list_shows_no_addresses_and_only_public_names_in_few_queries(
    client, organiser, django_assert_max_num_queries
):
    SignatureFactory.create_batch(30, confirmed=True, pledge=PledgeFactory(), name="Hidden Person")
    SignatureFactory(public=True, name="Shown Person")
    with django_assert_max_num_queries(16):
        page = client.get(LIST).content.decode()

    assert "example.org" not in page.replace("@example.org", "", 1)  # except for the example of a search
    assert "Hidden Person" not in page
    assert "Shown Person" in page


def test_a_signature_shows_its_name_and_history_and_cannot_be_edited(client, organiser, run_action):
    signature = SignatureFactory(confirmed=True, name="Hidden Person")
    run_action("hold", signature)
    address = f"{LIST}{signature.pk}/change/"
    page = client.get(address).content.decode()

    assert "Hidden Person" in page
    assert "They told us." in page
    assert signature.email not in page
    assert client.post(address, {"state": "confirmed"}).status_code == 403


def test_rejecting_a_signature_and_counting_it_again_changes_the_count(run_action, confirm_number):
    signature = SignatureFactory(confirmed=True)
    run_action("reject", signature)
    assert Signature.objects.get().state == "confirmed"
    confirm_number(1)
    assert Signature.objects.get().state == "rejected"
    publish_counts()
    assert Pledge.objects.with_count().get().count == 0

    run_action("count", signature)
    publish_counts()
    assert Pledge.objects.with_count().get().count == 1
    assert {change.reason for change in StateChange.objects.all()} == {"They told us."}


@pytest.mark.parametrize("action", ["count", "hold"])
def test_an_action_without_a_reason_changes_nothing(run_action, action):
    signature = SignatureFactory(confirmed=True)

    assert "Enter a reason" in run_action(action, signature, reason="  ")
    assert Signature.objects.get().state == "confirmed"


def test_withdrawing_hides_immediately_erases_after_a_day_and_records_the_organiser(
    run_action, organiser, confirm_number
):
    run_action("withdraw", SignatureFactory(public=True))
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
def test_two_clicks_cannot_remove_everybody(run_action, confirm_number, action):
    signers = SignatureFactory.create_batch(6, pledge=PledgeFactory(), public=True)
    page = run_action(action, *signers)

    assert "<strong>6</strong> people" in " ".join(page.split())
    assert Signature.objects.filter(state="confirmed").count() == 6
    confirm_number(6)
    assert ApprovalRequest.objects.get().state == "waiting"
    act_on_due(timezone.now() + timedelta(days=7))
    assert Signature.objects.exclude(name=None).filter(state="held").count() == 6


def test_more_than_a_thousand_signatures_at_once_are_refused(run_action, monkeypatch):
    monkeypatch.setattr("pledges.admin.signatures.MAX_AT_ONCE", 1)

    assert "Select at most 1,000" in run_action("withdraw", *SignatureFactory.create_batch(2, confirmed=True))
    assert not ApprovalRequest.objects.exists()
