"""The schedule for HMRC, column by column, and over-claims."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from actions.fundraising.gift_aid import hmrc_schedule
from actions.fundraising.models import ClaimLine, Declaration, Payment
from campaign.documents.spreadsheets import SIGNS
from tests.actions.fundraising.gift_aid.conftest import claim, declared, paid


def refund(payment, pence):
    Payment.objects.filter(pk=payment.pk).update(net_pence=payment.amount_pence - pence)


@pytest.mark.django_db
def test_a_row_has_the_columns_that_hmrc_asks_for():
    paid(declared(last_name="House-Martin"), paid_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC), amount_pence=123456)
    heading, row = hmrc_schedule.rows(claim())

    assert heading == (
        *("Title", "First name", "Last name", "House name or number", "Postcode"),
        *("Aggregated donations", "Sponsored event", "Donation date", "Amount"),
    )
    assert row == ("Ms", "Ada", "House Martin", "12", "SW1Y 4JH", "", "", "02/07/26", "1234.56")


def row(**person):
    return hmrc_schedule.row(Declaration(**person), Payment(paid_at=timezone.now()), 1000)


def test_an_address_abroad_goes_in_the_house_column():
    abroad = row(house="100", address="Champs‐Élysées, Paris, France", postcode="X")

    assert abroad[3:5] == ("100, Champs-Élysées, Paris, France", "X")
    assert row(house="12", address="Any Street, London", postcode="NW3 7UX")[3:5] == ("12", "NW3 7UX")


@pytest.mark.parametrize(
    ("house", "address", "shown"),
    [
        ("Flat 3", "Rechov Ben Yehuda 25, Tel Aviv-Yafo 6380701, Israel", "Flat 3, Rechov Ben Yehuda 25, Israel"),
        ("1", "Rue " + "x" * 60, "1, Rue " + "x" * 33),
        ("1", "", "1"),
        ("1", ", ,Paris,", "1, Paris"),
    ],
)
def test_a_long_address_abroad_keeps_its_beginning_and_end(house, address, shown):
    assert row(house=house, address=address, postcode="X")[3] == shown


@pytest.mark.parametrize("dash", "-‐‑–—−", ids=ascii)
def test_every_dash_in_a_last_name_becomes_a_space(dash):
    assert row(last_name=f"House{dash}Martin")[2] == "House Martin"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("Dr.", "Dr"), ("Prof", "Prof"), ("M", ""), ("Mr &", ""), ("博士", ""), ("Élie", ""), ("Mx", "Mx")],
)
def test_a_title_that_hmrc_refuses_is_left_out(typed, shown):
    assert row(title=typed)[0] == shown


def test_a_name_that_hmrc_cannot_read_is_left_unchanged():
    assert row(first_name="小龙", last_name="李")[1:3] == ("小龙", "李")


@pytest.mark.django_db
def test_the_earliest_date_is_the_earliest_in_the_rows():
    erased, declaration = declared(), declared()
    for days, of in ((9, erased), (5, declaration), (1, declaration)):
        paid(of, paid_at=datetime(2026, 7, 20, 23, 30, tzinfo=UTC) - timedelta(days=days))
    new_claim = claim()
    Declaration.objects.filter(pk=erased.pk).erase_personal_data()

    assert hmrc_schedule.earliest_date(new_claim) == date(2026, 7, 16)
    new_claim.lines.all().delete()
    assert hmrc_schedule.earliest_date(new_claim) is None


@pytest.mark.django_db
def test_the_rows_of_a_claim_are_read_in_one_query(django_assert_num_queries):
    for _number in range(3):
        paid(declared())
    new_claim = claim()
    with django_assert_num_queries(1):
        assert len(list(hmrc_schedule.rows(new_claim))) == 4


@pytest.mark.django_db
def test_a_claim_is_marked_as_sent_only_once():
    paid(declared())
    new_claim, now = claim(), timezone.now()
    new_claim.mark_sent(now)
    new_claim.mark_sent(now + timedelta(days=1))
    new_claim.refresh_from_db()

    assert new_claim.sent_at == now


@pytest.mark.django_db
def test_an_erased_declaration_leaves_no_empty_row():
    for _number in range(2):
        paid(declared())
    new_claim = claim()
    Declaration.objects.filter(pk=new_claim.lines.first().declaration_id).erase_personal_data()

    assert len(list(hmrc_schedule.rows(new_claim))) == 2


ANY = st.none() | st.text()


@given(ANY, ANY, ANY, ANY, ANY, st.datetimes(datetime(2000, 1, 2), datetime(2090, 1, 1)), st.integers(1, 10**9))  # noqa: DTZ001
@example("＠Dr", "−Ada", "﹦SUM(1)", "＋12", "NW3 7UX", datetime(2026, 1, 1), 1)  # noqa: DTZ001
@example("Dr", "A\u0301" * 40, "ß" * 36, "=-@", "0000000ß", datetime(2026, 1, 1), 1)  # noqa: DTZ001
def test_no_text_breaks_the_columns(title, first, last, house, postcode, paid_at, pence):
    person = Declaration(title=title, first_name=first, last_name=last, house=house, postcode=postcode)
    row = hmrc_schedule.row(person, Payment(paid_at=paid_at.replace(tzinfo=UTC)), pence)

    assert [len(cell) <= limit for cell, limit in zip(row, (4, 35, 35, 40, 8, 0, 0, 8, 11), strict=True)] == [True] * 9
    assert not any(cell.startswith(tuple(SIGNS + "'\t\r\n ")) or cell.endswith(" ") for cell in row)
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for cell in row for letter in cell)
    assert "-" not in row[2]
    assert re.fullmatch(r"\d\d/\d\d/\d\d", row[7])
    assert re.fullmatch(r"\d+\.\d\d", row[8])
    assert round(float(row[8]) * 100) == pence


def test_a_truncated_name_does_not_end_in_a_space():
    row = hmrc_schedule.row(Declaration(last_name="A" * 34 + " B"), Payment(paid_at=timezone.now()), 1000)

    assert row[2] == "A" * 34


@pytest.mark.django_db
def test_a_refund_after_the_claim_is_an_over_claim_until_it_is_reported():
    payment = paid(declared())
    claim().mark_sent(timezone.now())
    assert not ClaimLine.objects.to_report().exists()
    refund(payment, 300)
    (line,) = ClaimLine.objects.to_report().select_related("payment")

    assert line.over_claimed_pence == 300
    assert ClaimLine.objects.mark_reported(timezone.now()) == 1
    assert not ClaimLine.objects.to_report().exists()
    line.refresh_from_db()
    assert line.reported_pence == 300
    assert line.reported_at is not None


@pytest.mark.django_db
def test_a_later_refund_is_a_new_over_claim_for_the_difference():
    payment = paid(declared())
    claim().begin_download()
    refund(payment, 300)
    ClaimLine.objects.mark_reported(timezone.now())
    refund(payment, 1000)
    (line,) = ClaimLine.objects.to_report().select_related("payment")

    assert line.over_claimed_pence == 700
    ClaimLine.objects.mark_reported(timezone.now())
    assert not ClaimLine.objects.to_report().exists()


@pytest.mark.django_db
def test_reporting_does_not_change_lines_without_a_refund():
    paid(declared())
    claim()

    assert ClaimLine.objects.mark_reported(timezone.now()) == 0
    assert ClaimLine.objects.get().reported_at is None


@pytest.mark.django_db
def test_a_refund_before_the_first_download_is_removed_from_the_claim():
    declaration = declared()
    whole, spoilt = paid(declaration), paid(declaration)
    new_claim = claim()
    refund(spoilt, 1)
    assert not ClaimLine.objects.to_report().exists()  # nothing has gone to HMRC yet
    new_claim.begin_download()

    assert new_claim.lines.get().payment == whole
    assert not ClaimLine.objects.to_report().exists()


@pytest.mark.django_db
def test_the_remainder_after_such_a_refund_is_in_the_next_claim_only():
    payment = paid(declared())
    first = claim()
    refund(payment, 300)
    first.begin_download()

    assert claim().lines.get().claimed_pence == 700
    assert claim() is None
    assert ClaimLine.objects.count() == 1


@pytest.mark.django_db
def test_a_refund_after_claiming_the_remainder_is_an_over_claim_for_the_difference():
    payment = paid(declared(), net_pence=700)
    claim().mark_sent(timezone.now())
    refund(payment, 1000)
    (line,) = ClaimLine.objects.to_report().select_related("payment")

    assert (line.claimed_pence, line.over_claimed_pence) == (700, 700)
    refund(payment, 0)
    assert not ClaimLine.objects.to_report().exists()
    assert claim() is None


@pytest.mark.django_db
@pytest.mark.parametrize("seen_by", ["begin_download", "mark_sent"])
def test_payments_that_hmrc_may_have_seen_stay_in_the_claim(seen_by):
    payment = paid(declared())
    new_claim = claim()
    new_claim.begin_download() if seen_by == "begin_download" else new_claim.mark_sent(timezone.now())
    refund(payment, 1)
    new_claim.begin_download()

    assert new_claim.lines.count() == 1
    assert ClaimLine.objects.to_report().count() == 1
