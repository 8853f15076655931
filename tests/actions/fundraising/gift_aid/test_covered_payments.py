"""Which payments a declaration covers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from actions.fundraising.models import Fund
from actions.fundraising.models.claims import FOUR_YEARS
from tests.actions.factories import DonationFactory, FundFactory, PaymentFactory
from tests.actions.fundraising.gift_aid.conftest import ADA, DAY, RUTH, claimable_payments, declared, paid

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


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
def test_only_live_payments_in_pounds_from_the_last_four_years_can_be_claimed(changes):
    declaration = declared(made_at=NOW - 2 * FOUR_YEARS)
    claimable_one = paid(declaration, paid_at=NOW - FOUR_YEARS + DAY)
    paid(declaration, **{"paid_at": NOW - FOUR_YEARS + DAY} | changes)

    assert claimable_payments(NOW) == [claimable_one]


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
def test_donations_by_donors_without_a_declaration_are_left_out():
    PaymentFactory.create_batch(3, donation=DonationFactory(donor_hash=RUTH))
    payment = paid(declared(scope="all"))

    assert claimable_payments() == [payment]
