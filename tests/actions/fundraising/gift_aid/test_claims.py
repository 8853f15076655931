"""Gift Aid claims: the amount claimed, the limit per claim, and no payment claimed twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions.fundraising.gift_aid import hmrc_schedule
from actions.fundraising.models import Claim, ClaimLine, claims
from tests.actions.fundraising.admin.conftest import dispute, refund
from tests.actions.fundraising.gift_aid.conftest import DAY, claim, claimable_payments, declared, paid
from tests.factories import OrganiserFactory


@pytest.mark.django_db
def test_only_the_net_amount_of_a_partly_refunded_donation_is_claimed():
    payment = paid(declared())
    refund(payment, 250)
    refund(payment, 50, "re_2", "pending")
    refund(payment, 400, "re_3", "failed")
    new_claim = claim()

    assert [row[8] for row in hmrc_schedule.rows(new_claim)][1:] == ["7.00"]
    assert new_claim.lines.get().claimed_pence == 700
    assert Claim.objects.with_sums().get().pence == 700


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "is_claimable"),
    [("needs_response", False), ("under_review", False), ("lost", False), ("won", True), ("warning_closed", True)],
)
def test_a_disputed_donation_is_not_claimed_unless_the_dispute_is_won(status, is_claimable):
    dispute(paid(declared()), 400, "dp_1", status)

    assert bool(claimable_payments()) is is_claimable


@pytest.mark.django_db
def test_the_tax_on_donations_is_a_quarter_rounded_up():
    assert [claims.tax_on(pence) for pence in (1000, 999, 1, 0)] == [250, 250, 1, 0]


@pytest.mark.django_db
def test_a_claim_takes_the_oldest_payments_up_to_the_limit_in_few_queries(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(claims, "MAX_PAYMENTS", 2)
    declaration, organiser = declared(), OrganiserFactory()
    for days in (1, 3, 2):
        paid(declaration, paid_at=timezone.now() - days * DAY, amount_pence=days * 1000)
    with django_assert_num_queries(6):  # two for the transaction, two for the lines
        first = Claim.objects.make("The Charity", organiser, timezone.now())

    assert [row[8] for row in hmrc_schedule.rows(first)][1:] == ["30.00", "20.00"]
    assert [row[8] for row in hmrc_schedule.rows(claim())][1:] == ["10.00"]
    assert claim() is None


@pytest.mark.django_db
def test_the_limit_is_hmrcs():
    assert claims.MAX_PAYMENTS == 1000


@pytest.mark.django_db
def test_each_charity_has_a_claim_of_its_own():
    paid(declared())
    paid(declared(donation__fund__charity_name="Another"))

    assert claim().lines.count() == 1
    assert claim() is None
    assert claim("Another").lines.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_a_payment_in_two_claims():
    declaration = declared()
    payment = paid(declaration)
    first = claim()
    with pytest.raises(IntegrityError):
        ClaimLine.objects.create(claim=first, payment=payment, declaration=declaration, claimed_pence=1)


@pytest.mark.django_db(transaction=True)
def test_concurrent_claims_take_each_payment_once():
    declaration, organiser = declared(), OrganiserFactory()
    for _number in range(20):
        paid(declaration)

    def make(_number):
        try:
            return Claim.objects.make("The Charity", organiser, timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made_claims = [one for one in pool.map(make, range(8)) if one]

    assert len(made_claims) == 1
    assert ClaimLine.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_concurrent_claims_share_payments_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(claims, "MAX_PAYMENTS", 7)
    declaration, organiser = declared(), OrganiserFactory()
    for _number in range(20):
        paid(declaration)

    def make(_number):
        try:
            return Claim.objects.make("The Charity", organiser, timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made_claims = [one for one in pool.map(make, range(4)) if one]

    assert sorted(one.lines.count() for one in made_claims) == [6, 7, 7]


@pytest.mark.django_db
def test_a_claimed_payment_and_its_declaration_cannot_be_deleted():
    declaration = declared()
    payment = paid(declaration)
    claim()
    for protected in (payment, declaration):
        with pytest.raises(IntegrityError), transaction.atomic():
            protected.delete()
