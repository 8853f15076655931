"""Which payments can be claimed, and that none is claimed twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions.fundraising.gift_aid import hmrc_schedule
from actions.fundraising.models import Claim, ClaimLine, Fund, claims
from actions.fundraising.models.claims import FOUR_YEARS, claimable
from tests.actions.factories import DeclarationFactory, DonationFactory, FundFactory, PaymentFactory
from tests.actions.fundraising.admin.conftest import dispute, refund
from tests.factories import OrganiserFactory

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA, RUTH = b"a" * 32, b"r" * 32


def claimable_payments(now=None):
    return list(claimable(now or timezone.now()))


def declared(**changes):
    """Return a declaration with a donation that is not paid yet."""
    return DeclarationFactory(**{"donation__donor_hash": ADA} | changes)


def paid(declaration, **changes):
    return PaymentFactory(donation=declaration.donation, **changes)


def claim(charity="The Charity"):
    return Claim.objects.make(charity, OrganiserFactory(), timezone.now())


@pytest.mark.django_db
def test_a_declared_donation_can_be_claimed():
    declaration = declared()
    payment = paid(declaration)
    (one,) = claimable_payments()

    assert (one.pk, one.declared_by, one.fund.charity_name) == (payment.pk, declaration.pk, "The Charity")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"is_live": False},
        {"status": "pending"},
        {"status": "failed"},
        {"currency": "eur"},
        {"net_pence": 0},
        {"amount_pence": 0},
        {"paid_at": None},
        {"paid_at": NOW - FOUR_YEARS},
    ],
    ids=str,
)
def test_only_live_payments_in_pounds_of_the_last_four_years_can_be_claimed(changes):
    declaration = declared(made_at=NOW - 2 * FOUR_YEARS)
    claimable_one = paid(declaration, paid_at=NOW - FOUR_YEARS + DAY)
    paid(declaration, **{"paid_at": NOW - FOUR_YEARS + DAY} | changes)

    assert claimable_payments(NOW) == [claimable_one]


@pytest.mark.django_db
def test_what_is_left_of_a_partly_refunded_donation_is_claimed():
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
def test_nothing_of_a_disputed_donation_is_claimed_unless_the_dispute_is_won(status, is_claimable):
    dispute(paid(declared()), 400, "dp_1", status)

    assert bool(claimable_payments()) is is_claimable


@pytest.mark.django_db
def test_the_tax_on_donations_is_a_quarter_rounded_up():
    assert [claims.tax_on(pence) for pence in (1000, 999, 1, 0)] == [250, 250, 1, 0]


@pytest.mark.django_db
def test_a_donation_without_a_declaration_or_with_an_erased_one_cannot_be_claimed():
    PaymentFactory(donation__fund__charity_name="The Charity", donation__donor_hash=ADA)
    paid(declared(last_name=None))

    assert claimable_payments() == []


@pytest.mark.django_db
def test_an_old_declaration_does_not_count_once_the_fund_has_another_charity():
    declaration = declared()
    paid(declaration)
    Fund.objects.update(charity_name="Another")

    assert claimable_payments() == []


@pytest.mark.django_db
def test_every_month_of_a_monthly_donation_is_covered_until_the_declaration_is_cancelled():
    declaration = declared(made_at=timezone.now() - 90 * DAY, cancelled_at=timezone.now() - 45 * DAY)
    months = [paid(declaration, paid_at=timezone.now() - days * DAY) for days in (80, 50, 20)]

    assert claimable_payments() == months[:2]


def other_donation(declaration, **changes):
    """Return the payment of another donation to the same fund, by Ada unless `changes` say otherwise."""
    return PaymentFactory(**{"donation__fund": declaration.donation.fund, "donation__donor_hash": ADA} | changes)


@pytest.mark.django_db
def test_a_declaration_for_all_donations_covers_earlier_and_later_ones():
    declaration = declared(scope="all", made_at=timezone.now() - 30 * DAY)
    before = other_donation(declaration, paid_at=timezone.now() - 60 * DAY)
    after = other_donation(declaration, paid_at=timezone.now() - DAY)

    assert [(one.pk, one.declared_by) for one in claimable_payments()] == [
        (before.pk, declaration.pk),
        (after.pk, declaration.pk),
    ]


@pytest.mark.django_db
def test_a_declaration_for_one_donation_covers_no_other():
    other_donation(declared(scope="this"))

    assert claimable_payments() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"donation__donor_hash": RUTH},
        {"donation__donor_hash": None},
        {"donation__fund__charity_name": "Another Charity"},
        {"donation__fund__charity_name": ""},
    ],
    ids=str,
)
def test_another_donor_or_another_charity_is_not_covered(changes):
    declaration = declared(scope="all")
    if "donation__donor_hash" in changes:
        other_donation(declaration, **changes)
    else:
        PaymentFactory(donation__donor_hash=ADA, donation__fund=FundFactory(charity_name=changes.popitem()[1]))

    assert claimable_payments() == []


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["donation__donor_hash", "donation__session_status", "donation__is_live"])
def test_a_declaration_with_an_unpaid_donation_covers_no_other_donation(field):
    missing = {"donation__donor_hash": None, "donation__session_status": "open", "donation__is_live": False}
    declaration = declared(scope="all", **{field: missing[field]})
    other_donation(declaration, donation__donor_hash=missing[field] if "hash" in field else ADA)

    assert claimable_payments() == []


@pytest.mark.django_db
def test_a_cancelled_declaration_covers_only_earlier_donations():
    declaration = declared(scope="all", made_at=timezone.now() - 9 * DAY, cancelled_at=timezone.now() - 5 * DAY)
    before = other_donation(declaration, paid_at=timezone.now() - 6 * DAY)
    other_donation(declaration, paid_at=timezone.now() - 4 * DAY)
    other_donation(declaration, paid_at=declaration.cancelled_at)

    assert claimable_payments() == [before]


@pytest.mark.django_db
@pytest.mark.parametrize(("early", "covered"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_a_declaration_covers_the_four_years_before_it(early, covered):
    declaration = declared(scope="all", made_at=NOW)
    other_donation(declaration, paid_at=NOW - FOUR_YEARS - early)

    assert bool(claimable_payments(NOW - DAY)) is covered


@pytest.mark.django_db
def test_a_donations_own_declaration_comes_first_and_then_the_newest():
    oldest = declared(scope="all", made_at=timezone.now() - 9 * DAY, last_name="Old")
    newest = declared(scope="all", donation__fund=oldest.donation.fund, last_name="New")
    own = paid(oldest)
    other = other_donation(oldest)

    assert {one.pk: one.declared_by for one in claimable_payments()} == {own.pk: oldest.pk, other.pk: newest.pk}


@pytest.mark.django_db
def test_four_years_include_leap_days():
    for year in (2022, 2023, 2024, 2025):
        assert datetime(year, 3, 1, tzinfo=UTC) + FOUR_YEARS == datetime(year + 4, 3, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_claimable_payments_are_found_in_one_query(django_assert_num_queries):
    for _number in range(3):
        paid(declared(scope="all"))
    with django_assert_num_queries(1):
        assert len(claimable_payments()) == 3


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


@pytest.mark.django_db
def test_donations_by_donors_without_a_declaration_are_left_out():
    PaymentFactory.create_batch(3, donation=DonationFactory(donor_hash=RUTH))
    payment = paid(declared(scope="all"))

    assert claimable_payments() == [payment]
