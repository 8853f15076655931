"""How long donors' data is kept."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from actions.fundraising.models import Donation, Payment, StripeEvent
from tests.actions.factories import DonationFactory, PaymentFactory

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - timedelta(days=days)


def test_unpaid_donations_are_deleted_and_paid_ones_kept():
    DonationFactory(created_at=ago(31))
    DonationFactory(created_at=ago(31), session_status="expired")
    kept = [
        DonationFactory(created_at=ago(29)),
        DonationFactory(created_at=ago(31), session_status="complete"),
        PaymentFactory(donation__created_at=ago(31)).donation,
        DonationFactory(created_at=ago(31), subscription_status="active"),
    ]
    call_command("retention")

    assert set(Donation.objects.all()) == set(kept)


def test_donors_are_forgotten_and_payments_kept():
    old = PaymentFactory(donation__created_at=ago(500), created_at=ago(401), donation__donor_email="a@example.org")
    no_address = PaymentFactory(donation__created_at=ago(500), created_at=ago(401), donation__donor_name="Ada Donor")
    newer = PaymentFactory(donation__created_at=ago(500), created_at=ago(399), donation__donor_email="b@example.org")
    monthly = DonationFactory(
        created_at=ago(500), donor_email="c@example.org", subscription_status="active", session_status="complete"
    )
    call_command("retention")

    stored = {donation.pk: donation.donor_email or donation.donor_name for donation in Donation.objects.all()}
    assert stored == {
        old.donation_id: None,
        no_address.donation_id: None,
        newer.donation_id: "b@example.org",
        monthly.pk: "c@example.org",
    }
    assert Payment.objects.count() == 3


def test_networks_and_stripe_events_are_forgotten():
    DonationFactory(created_at=ago(31), session_status="complete", network=b"x" * 16)
    StripeEvent.objects.create(pk="evt_1", type="x", received_at=ago(61))
    StripeEvent.objects.create(pk="evt_2", type="x", received_at=ago(59))
    call_command("retention")

    assert Donation.objects.get().network is None
    assert StripeEvent.objects.get().pk == "evt_2"
