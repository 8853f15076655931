"""Requests to withdraw signatures, the act that most of the tests are about."""

import pytest
from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from pledges.approvals.signatures import WITHDRAW
from tests.accounts.organisers import make_established
from tests.factories import PledgeFactory, SignatureFactory


@pytest.fixture
def ada(db):
    """The organiser who makes the request."""
    return make_established("ada")


@pytest.fixture
def grace(db):
    """A second organiser, who may approve."""
    return make_established("grace")


@pytest.fixture
def pledge(db):
    return PledgeFactory()


@pytest.fixture
def draft(ada, pledge):
    """Draft the withdrawal of this many public signatures."""

    def make(count=1, user=None):
        signers = SignatureFactory.create_batch(count, pledge=pledge, public=True)
        keys = [str(signer.pk) for signer in signers]
        return ApprovalRequest.draft(WITHDRAW, user or ada, about=pledge, signatures=keys)

    return make


@pytest.fixture
def asked(draft):
    """Request the withdrawal of this many public signatures."""

    def make(count=1, user=None):
        request = draft(count, user)
        request.submit(count, "They rang us.", timezone.now())
        return request

    return make
