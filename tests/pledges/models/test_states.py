"""The states of a signature: what may follow what, and that the database notes each change."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature, StateChange
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory

pytestmark = pytest.mark.django_db


def counted():
    while publish_counts():
        pass
    return Pledge.objects.with_count().get().count


def test_what_an_organiser_strikes_out_leaves_count_and_list_and_comes_back_as_it_was():
    signature = SignatureFactory(public=True, town="York", public_town="York")
    organiser, mine = OrganiserFactory(), Signature.objects.filter(pk=signature.pk)
    assert counted() == 1

    assert mine.change_state("rejected", organiser, "Made up.") == 1
    assert not signature.pledge.signatures.listed().exists()
    assert counted() == 0

    assert mine.change_state("confirmed", organiser, "A mistake of ours.") == 1
    assert counted() == 1
    listed = signature.pledge.signatures.listed().get()
    assert (listed.public_name, listed.public_town) == (signature.name, "York")


@pytest.mark.parametrize("state", ["pending", "withdrawn"])
def test_who_has_not_confirmed_is_nobodys_to_decide_about(state):
    SignatureFactory(state=state)

    assert Signature.objects.change_state("confirmed", OrganiserFactory(), "Let me.") == 0
    assert Signature.objects.get().state == state
    assert not StateChange.objects.exists()


def test_a_change_says_who_when_what_and_why():
    organiser, signature = OrganiserFactory(), SignatureFactory(confirmed=True)
    Signature.objects.change_state("rejected", organiser, "Bought.")

    change = StateChange.objects.get()
    assert (change.signature_id, change.organiser, change.reason) == (signature.pk, organiser, "Bought.")
    assert (change.old, change.new) == ("confirmed", "rejected")
    assert abs(timezone.now() - change.at) < timedelta(minutes=5)


def test_what_signers_do_is_noted_to_the_hour_and_as_nobodys():
    Signature.objects.change_state("rejected", OrganiserFactory(), "Before, by somebody.")
    SignatureFactory(confirmed=True).withdraw()

    change = StateChange.objects.get()
    assert (change.organiser, change.old, change.new, change.reason) == (None, "confirmed", "withdrawn", "")
    assert (change.at.minute, change.at.second) == (0, 0)


def test_no_change_passes_unnoted_not_even_one_by_hand():
    SignatureFactory(confirmed=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_signature SET state = 'withdrawn'")

    assert StateChange.objects.get().new == "withdrawn"


def test_who_is_counted_only_leaves_nothing_behind_whatever_the_state():
    signature = SignatureFactory(confirmed=True)
    with pytest.raises(IntegrityError, match="count_only_keeps_nobody"):
        Signature.objects.filter(pk=signature.pk).update(visibility="count", state="held")


def test_a_signer_who_was_struck_out_can_still_withdraw_and_stays_out_when_they_change():
    signature = SignatureFactory(confirmed=True)
    stale = Signature.objects.get()
    Signature.objects.change_state("rejected", OrganiserFactory(), "Odd.")

    stale.change("public", name="Ada", display="full", town="", updates=False)
    signature.refresh_from_db()
    assert (signature.state, signature.public_name, signature.name) == ("rejected", "", "Ada")

    signature.withdraw()
    signature.refresh_from_db()
    assert (signature.state, signature.name, signature.email) == ("withdrawn", None, None)


def test_a_name_is_shown_as_its_signer_chose():
    signature = SignatureFactory(public=True, name="Ruth Hannah Feldman", pledge=PledgeFactory())
    signature.change("public", name="Ruth Hannah Feldman", display="initial", town="Leeds", updates=False)

    assert (signature.public_name, signature.public_town) == ("Ruth F.", "Leeds")

    signature.change("private", name="Ruth Hannah Feldman", display="initial", town="", updates=False)

    assert (signature.public_name, signature.public_town, signature.public_number) == ("", "", None)
