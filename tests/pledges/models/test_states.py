"""The states of a signature: which may follow which, and that the database records each change."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature, StateChange
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory

pytestmark = pytest.mark.django_db


def published_count():
    while publish_counts():
        pass
    return Pledge.objects.with_count().get().count


def test_a_rejected_signature_leaves_count_and_list_and_can_be_restored_as_it_was():
    signature = SignatureFactory(public=True, town="York", public_town="York")
    organiser, mine = OrganiserFactory(), Signature.objects.filter(pk=signature.pk)
    assert published_count() == 1

    assert mine.change_state("rejected", organiser, "Made up.") == 1
    assert not signature.pledge.signatures.listed().exists()
    assert published_count() == 0

    assert mine.change_state("confirmed", organiser, "A mistake of ours.") == 1
    assert published_count() == 1
    listed = signature.pledge.signatures.listed().get()
    assert (listed.public_name, listed.public_town) == (signature.name, "York")


@pytest.mark.parametrize("state", ["pending", "withdrawn"])
def test_organisers_cannot_change_the_state_of_pending_or_withdrawn_signatures(state):
    SignatureFactory(state=state)

    assert Signature.objects.change_state("confirmed", OrganiserFactory(), "Let me.") == 0
    assert Signature.objects.get().state == state
    assert not StateChange.objects.exists()


def test_a_change_records_who_when_what_and_why():
    organiser, signature = OrganiserFactory(), SignatureFactory(confirmed=True)
    Signature.objects.change_state("rejected", organiser, "Bought.")

    change = StateChange.objects.get()
    assert (change.signature_id, change.organiser, change.reason) == (signature.pk, organiser, "Bought.")
    assert (change.old, change.new) == ("confirmed", "rejected")
    assert abs(timezone.now() - change.at) < timedelta(minutes=5)


def test_changes_by_signers_are_recorded_to_the_hour_and_without_a_person():
    Signature.objects.change_state("rejected", OrganiserFactory(), "Before, by somebody.")
    SignatureFactory(confirmed=True).withdraw()

    change = StateChange.objects.get()
    assert (change.organiser, change.old, change.new, change.reason) == (None, "confirmed", "withdrawn", "")
    assert (change.at.minute, change.at.second) == (0, 0)


def test_every_change_is_recorded_even_one_made_by_hand():
    SignatureFactory(confirmed=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_signature SET state = 'withdrawn'")

    assert StateChange.objects.get().new == "withdrawn"


def test_a_count_only_signature_cannot_keep_personal_data_in_any_state():
    signature = SignatureFactory(confirmed=True)
    with pytest.raises(IntegrityError, match="count_only_keeps_nobody"):
        Signature.objects.filter(pk=signature.pk).update(visibility="count", state="held")


def test_a_rejected_signer_can_still_withdraw_and_stays_rejected_after_changing_answers():
    signature = SignatureFactory(confirmed=True)
    stale = Signature.objects.get()
    Signature.objects.change_state("rejected", OrganiserFactory(), "Odd.")

    stale.change("public", name="Ada", shown_name="", town="", updates=False)
    signature.refresh_from_db()
    assert (signature.state, signature.public_name, signature.name) == ("rejected", "", "Ada")

    signature.withdraw()
    signature.refresh_from_db()
    assert (signature.state, signature.name, signature.email) == ("withdrawn", None, None)


def test_a_name_is_shown_as_the_signer_chose():
    signature = SignatureFactory(public=True, name="Ruth Hannah Feldman", pledge=PledgeFactory())
    signature.change("public", name="Ruth Hannah Feldman", shown_name="Ruth F.", town="Leeds", updates=False)

    assert (signature.public_name, signature.public_town) == ("Ruth F.", "Leeds")

    signature.change("private", name="Ruth Hannah Feldman", shown_name="", town="", updates=False)

    assert (signature.public_name, signature.public_town, signature.public_number) == ("", "", None)
