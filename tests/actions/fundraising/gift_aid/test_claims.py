"""Which payments are claimed, and that none is claimed twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions.fundraising.gift_aid import hmrc_schedule
from actions.fundraising.models import Claim, ClaimLine, Fund, claims
from actions.fundraising.models.claims import FOUR_YEARS, claimable
from tests.actions.factories import DeclarationFactory, DonationFactory, FundFactory, PaymentFactory
from tests.factories import OrganiserFactory

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA, RUTH = b"a" * 32, b"r" * 32


def found(now=None):
    return list(claimable(now or timezone.now()))


def declared(**changes):
    """A declaration with a gift that was not paid yet."""
    return DeclarationFactory(**{"donation__donor_hash": ADA} | changes)


def paid(declaration, **changes):
    return PaymentFactory(donation=declaration.donation, **changes)


def claim(charity="The Charity"):
    return Claim.objects.make(charity, OrganiserFactory(), timezone.now())


@pytest.mark.django_db
def test_a_declared_gift_can_be_claimed():
    declaration = declared()
    payment = paid(declaration)
    (one,) = found()

    assert (one.pk, one.declared_by, one.fund.charity_name) == (payment.pk, declaration.pk, "The Charity")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"is_live": False},
        {"status": "pending"},
        {"status": "failed"},
        {"currency": "eur"},
        {"net_pence": 999},
        {"net_pence": 0},
        {"amount_pence": 0},
        {"paid_at": None},
        {"paid_at": NOW - FOUR_YEARS},
    ],
    ids=str,
)
def test_only_real_whole_pounds_of_the_last_four_years_can_be(changes):
    declaration = declared(made_at=NOW - 2 * FOUR_YEARS)
    claimable_one = paid(declaration, paid_at=NOW - FOUR_YEARS + DAY)
    paid(declaration, **{"paid_at": NOW - FOUR_YEARS + DAY} | changes)

    assert found(NOW) == [claimable_one]


@pytest.mark.django_db
def test_a_gift_without_a_declaration_or_with_a_forgotten_one_can_not_be():
    PaymentFactory(donation__fund__charity_name="The Charity", donation__donor_hash=ADA)
    paid(declared(last_name=None))

    assert found() == []


@pytest.mark.django_db
def test_a_fund_that_went_over_to_another_charity_can_claim_by_no_old_declaration():
    declaration = declared()
    paid(declaration)
    Fund.objects.update(charity_name="Another")

    assert found() == []


@pytest.mark.django_db
def test_every_month_of_a_monthly_gift_is_covered_until_it_is_cancelled():
    declaration = declared(made_at=timezone.now() - 90 * DAY, cancelled_at=timezone.now() - 45 * DAY)
    months = [paid(declaration, paid_at=timezone.now() - days * DAY) for days in (80, 50, 20)]

    assert found() == months[:2]


def other_gift(declaration, **changes):
    """Another gift to the same fund, by Ada unless said otherwise."""
    return PaymentFactory(**{"donation__fund": declaration.donation.fund, "donation__donor_hash": ADA} | changes)


@pytest.mark.django_db
def test_for_all_gifts_means_those_before_and_after():
    declaration = declared(scope="all", made_at=timezone.now() - 30 * DAY)
    before = other_gift(declaration, paid_at=timezone.now() - 60 * DAY)
    after = other_gift(declaration, paid_at=timezone.now() - DAY)

    assert [(one.pk, one.declared_by) for one in found()] == [(before.pk, declaration.pk), (after.pk, declaration.pk)]


@pytest.mark.django_db
def test_for_this_gift_means_no_other():
    other_gift(declared(scope="this"))

    assert found() == []


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
        other_gift(declaration, **changes)
    else:
        PaymentFactory(donation__donor_hash=ADA, donation__fund=FundFactory(charity_name=changes.popitem()[1]))

    assert found() == []


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["donation__donor_hash", "donation__session_status", "donation__is_live"])
def test_a_declaration_that_nobody_paid_with_covers_no_other_gift(field):
    missing = {"donation__donor_hash": None, "donation__session_status": "open", "donation__is_live": False}
    declaration = declared(scope="all", **{field: missing[field]})
    other_gift(declaration, donation__donor_hash=missing[field] if "hash" in field else ADA)

    assert found() == []


@pytest.mark.django_db
def test_a_gift_after_it_was_cancelled_is_not_covered_and_one_before_is():
    declaration = declared(scope="all", made_at=timezone.now() - 9 * DAY, cancelled_at=timezone.now() - 5 * DAY)
    before = other_gift(declaration, paid_at=timezone.now() - 6 * DAY)
    other_gift(declaration, paid_at=timezone.now() - 4 * DAY)
    other_gift(declaration, paid_at=declaration.cancelled_at)

    assert found() == [before]


@pytest.mark.django_db
@pytest.mark.parametrize(("early", "covered"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_it_reaches_back_four_years_from_the_day_it_was_made(early, covered):
    declaration = declared(scope="all", made_at=NOW)
    other_gift(declaration, paid_at=NOW - FOUR_YEARS - early)

    assert bool(found(NOW - DAY)) is covered


@pytest.mark.django_db
def test_what_was_declared_with_the_gift_itself_goes_first_and_then_the_newest():
    oldest = declared(scope="all", made_at=timezone.now() - 9 * DAY, last_name="Old")
    newest = declared(scope="all", donation__fund=oldest.donation.fund, last_name="New")
    own = paid(oldest)
    other = other_gift(oldest)

    assert {one.pk: one.declared_by for one in found()} == {own.pk: oldest.pk, other.pk: newest.pk}


@pytest.mark.django_db
def test_four_years_are_four_years():
    for year in (2022, 2023, 2024, 2025):
        assert datetime(year, 3, 1, tzinfo=UTC) + FOUR_YEARS == datetime(year + 4, 3, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_all_is_found_in_one_query(django_assert_num_queries):
    for _number in range(3):
        paid(declared(scope="all"))
    with django_assert_num_queries(1):
        assert len(found()) == 3


@pytest.mark.django_db
def test_a_claim_takes_the_oldest_up_to_the_limit_in_few_queries(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(claims, "MAX_PAYMENTS", 2)
    declaration, organiser = declared(), OrganiserFactory()
    for days in (1, 3, 2):
        paid(declaration, paid_at=timezone.now() - days * DAY, amount_pence=days * 1000)
    with django_assert_num_queries(6):  # two of them the transaction, two those of the many lines
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
def test_of_two_organisers_at_once_one_claims_and_the_other_finds_nothing():
    declaration, organiser = declared(), OrganiserFactory()
    for _number in range(20):
        paid(declaration)

    def make(_number):
        try:
            return Claim.objects.make("The Charity", organiser, timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = [one for one in pool.map(make, range(8)) if one]

    assert len(made) == 1
    assert ClaimLine.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_at_once_share_what_is_more_than_a_file_holds(monkeypatch):
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
        made = [one for one in pool.map(make, range(4)) if one]

    assert sorted(one.lines.count() for one in made) == [6, 7, 7]


@pytest.mark.django_db
def test_a_claimed_payment_and_its_declaration_can_not_be_deleted():
    declaration = declared()
    payment = paid(declaration)
    claim()
    for kept in (payment, declaration):
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.delete()


@pytest.mark.django_db
def test_a_gift_of_somebody_who_declared_nothing_stays_out_however_many_there_are():
    PaymentFactory.create_batch(3, donation=DonationFactory(donor_hash=RUTH))
    payment = paid(declared(scope="all"))

    assert found() == [payment]
