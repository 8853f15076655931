"""Fixtures for tests of the donation admin, and records from Stripe."""

import pytest

from actions.fundraising.models import Dispute, Refund
from tests.actions.factories import DonationFactory, PaymentFactory

DONATIONS = "/admin/fundraising/donation/"
PAYMENTS = "/admin/fundraising/payment/"
NAMES = {"public_name": "Shown Wish", "in_memory_of": "Dear One", "donor_name": "Ruth Secret"}


@pytest.fixture
def search(client, organiser):
    """Return a function that searches or filters a list and returns the primary keys listed."""

    def run(path, term="", **filters):
        response = client.get(path, {"q": term} | filters)
        assert response.status_code == 200
        return {str(row.pk) for row in response.context["cl"].result_list}

    return run


def refund(payment, pence, key="re_1", status="succeeded"):
    record = Refund.objects.create(
        pk=key, payment=payment, amount_pence=pence, status=status, created_at=payment.created_at
    )
    payment.update_net()
    return record


def dispute(payment, pence, key="dp_1", status="needs_response"):
    record = Dispute.objects.create(
        pk=key, payment=payment, amount_pence=pence, status=status, created_at=payment.created_at
    )
    payment.update_net()
    return record


def paid_donation(**fields):
    """Create a donation with a payment; return the donation."""
    return PaymentFactory(donation=DonationFactory(**fields)).donation
