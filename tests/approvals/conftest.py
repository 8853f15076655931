"""Fixtures for tests of approvals, most of which are about requests to withdraw signatures."""

import pytest
from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from pledges.approvals.signatures import WITHDRAW
from tests.accounts.organisers import make_established
from tests.factories import PledgeFactory, SignatureFactory


@pytest.fixture
def ada(db):
    """Return the organiser who makes the request."""
    return make_established("ada")


@pytest.fixture
def grace(db):
    """Return a second organiser, who may approve."""
    return make_established("grace")


@pytest.fixture
def pledge(db):
    return PledgeFactory()


@pytest.fixture
def draft_withdrawal(ada, pledge):
    """Draft the withdrawal of this many public signatures."""

    def make(count=1, user=None):
        signers = SignatureFactory.create_batch(count, pledge=pledge, public=True)
        keys = [str(signer.pk) for signer in signers]
        return ApprovalRequest.draft(WITHDRAW, user or ada, about=pledge, signatures=keys)

    return make


@pytest.fixture
def request_withdrawal(draft_withdrawal):
    """Request the withdrawal of this many public signatures."""

    def make(count=1, user=None):
        request = draft_withdrawal(count, user)
        request.submit(count, "They rang us.", timezone.now())
        return request

    return make
