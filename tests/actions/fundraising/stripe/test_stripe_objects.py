"""Stripe's own sample objects, sent as events and read by our code."""

import pytest
import stripe as package

from actions.fundraising.models import Donation, Payment
from actions.fundraising.stripe import client
from actions.fundraising.stripe.webhooks import HANDLERS
from tests.stripe_objects import class_of, known, samples

KINDS = {
    "checkout.session": "checkout.session",
    "invoice": "invoice",
    "customer.subscription": "subscription",
    "refund": "refund",
    "charge.dispute": "dispute",
    "charge": "charge",
}


def sample_for(type):
    kind = next(kind for start, kind in KINDS.items() if type.startswith(f"{start}."))
    return samples()["dispute" if type.startswith("charge.dispute") else kind]


def test_fields_unknown_to_the_package_are_dropped_at_any_depth():
    made_up = {"id": "cs_1", "made_up": 1, "customer_details": {"email": "a@example.org", "made_up": 1}}
    assert known(made_up, package.checkout.Session) == {"id": "cs_1", "customer_details": {"email": "a@example.org"}}


def test_the_samples_keep_their_kind_and_id():
    assert samples().keys() == {*KINDS.values(), "payment_intent", "invoice_payment"}
    for kind, sample in samples().items():
        assert sample["object"] == kind
        assert sample["id"]
        assert kind == class_of(kind).OBJECT_NAME


@pytest.mark.django_db
@pytest.mark.parametrize("type", sorted(HANDLERS))
def test_an_event_of_each_type_with_a_sample_object_is_accepted_and_changes_nothing(type, send, stripe, donation):
    before = Donation.objects.values().get()
    assert send(type, sample_for(type)) == 200

    assert Donation.objects.values().get() == before
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("kind", "read"),
    [("checkout.session", client._session), ("invoice", client._invoice)],
    ids=["session", "invoice"],
)
def test_our_code_reads_sample_sessions_and_invoices(kind, read):
    sample = class_of(kind).construct_from(samples()[kind], "sk_test_x")
    assert read(sample).id == samples()[kind]["id"]


@pytest.mark.parametrize("kind", ["refund", "dispute"])
def test_our_code_reads_sample_refunds_and_disputes(kind):
    part = client._reversal(class_of(kind).construct_from(samples()[kind], "sk_test_x"))
    assert (part.id, part.amount) == (samples()[kind]["id"], samples()[kind]["amount"])
