"""Which payments are claimed, once, in HMRC's columns; and what was claimed too much."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from actions.fundraising import claims, schedule
from actions.fundraising.claims import FOUR_YEARS, claimable
from actions.fundraising.models import Claim, ClaimLine, Declaration, Payment
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


def refund(payment, pence):
    Payment.objects.filter(pk=payment.pk).update(net_pence=payment.amount_pence - pence)


@pytest.mark.django_db
def test_a_declared_gift_can_be_claimed():
    declaration = declared()
    payment = paid(declaration)
    (one,) = found()

    assert (one.pk, one.declared_by, one.charity) == (payment.pk, declaration.pk, "The Charity")


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
    monkeypatch.setattr(schedule, "MOST_ROWS", 2)
    declaration, organiser = declared(), OrganiserFactory()
    for days in (1, 3, 2):
        paid(declaration, paid_at=timezone.now() - days * DAY, amount_pence=days * 1000)
    with django_assert_num_queries(6):  # two of them the transaction, two those of the many lines
        first = Claim.objects.make("The Charity", organiser, timezone.now())

    assert [row[8] for row in first.rows()][1:] == ["30.00", "20.00"]
    assert [row[8] for row in claim().rows()][1:] == ["10.00"]
    assert claim() is None


@pytest.mark.django_db
def test_the_limit_is_hmrcs():
    assert schedule.MOST_ROWS == 1000


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
    monkeypatch.setattr(claims.schedule, "MOST_ROWS", 7)
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
def test_a_row_is_what_hmrc_asks_for():
    paid(declared(last_name="House-Martin"), paid_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC), amount_pence=123456)
    heading, row = claim().rows()

    assert heading == (
        *("Title", "First name", "Last name", "House name or number", "Postcode"),
        *("Aggregated donations", "Sponsored event", "Donation date", "Amount"),
    )
    assert row == ("Ms", "Ada", "House Martin", "12", "SW1Y 4JH", "", "", "02/07/26", "1234.56")


@pytest.mark.django_db
def test_the_rows_of_a_claim_are_read_in_one_query(django_assert_num_queries):
    for _number in range(3):
        paid(declared())
    made = claim()
    with django_assert_num_queries(1):
        assert len(list(made.rows())) == 4


ANY = st.none() | st.text()


@given(ANY, ANY, ANY, ANY, ANY, st.datetimes(datetime(2000, 1, 2), datetime(2090, 1, 1)), st.integers(1, 10**9))  # noqa: DTZ001
def test_no_text_breaks_the_columns(title, first, last, house, postcode, moment, pence):
    person = Declaration(title=title, first_name=first, last_name=last, house=house, postcode=postcode)
    row = schedule.row(person, Payment(paid_at=moment.replace(tzinfo=UTC)), pence)

    assert [len(cell) <= most for cell, most in zip(row, (4, 35, 35, 40, 8, 0, 0, 8, 11), strict=True)] == [True] * 9
    assert not any(cell.startswith(tuple("=+-@'\t\r\n ")) or cell.endswith(" ") for cell in row)
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for cell in row for letter in cell)
    assert "-" not in row[2]
    assert re.fullmatch(r"\d\d/\d\d/\d\d", row[7])
    assert re.fullmatch(r"\d+\.\d\d", row[8])
    assert round(float(row[8]) * 100) == pence


@pytest.mark.django_db
def test_what_is_given_back_after_the_claim_is_an_over_claim_until_hmrc_is_told():
    payment = paid(declared())
    claim()
    assert not ClaimLine.objects.over_claimed().exists()
    refund(payment, 300)
    (line,) = ClaimLine.objects.over_claimed().select_related("payment")

    assert line.excess_pence == 300
    assert ClaimLine.objects.tell(timezone.now()) == 1
    assert not ClaimLine.objects.over_claimed().exists()
    line.refresh_from_db()
    assert line.told_pence == 300
    assert line.settled_at is not None


@pytest.mark.django_db
def test_what_is_given_back_later_still_is_one_anew_for_the_rest():
    payment = paid(declared())
    claim()
    refund(payment, 300)
    ClaimLine.objects.tell(timezone.now())
    refund(payment, 1000)
    (line,) = ClaimLine.objects.over_claimed().select_related("payment")

    assert line.excess_pence == 700
    ClaimLine.objects.tell(timezone.now())
    assert not ClaimLine.objects.over_claimed().exists()


@pytest.mark.django_db
def test_telling_changes_no_line_that_is_whole():
    paid(declared())
    claim()

    assert ClaimLine.objects.tell(timezone.now()) == 0
    assert ClaimLine.objects.get().settled_at is None


@pytest.mark.django_db
def test_what_is_given_back_before_the_first_download_is_taken_out():
    declaration = declared()
    whole, spoilt = paid(declaration), paid(declaration)
    made = claim()
    refund(spoilt, 1)
    made.begin_download()

    assert made.lines.get().payment == whole
    assert not ClaimLine.objects.over_claimed().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("seen_by", ["begin_download", "mark_sent"])
def test_what_hmrc_may_have_seen_stays_in_the_claim(seen_by):
    payment = paid(declared())
    made = claim()
    made.begin_download() if seen_by == "begin_download" else made.mark_sent(timezone.now())
    refund(payment, 1)
    made.begin_download()

    assert made.lines.count() == 1
    assert ClaimLine.objects.over_claimed().count() == 1


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
