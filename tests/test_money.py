"""Whole pence as pounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.money import decimal_pounds, pounds, short_pounds

PENCE = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("pence", "long", "short", "decimal"),
    [
        (0, "£0.00", "£0", "0.00"),
        (5, "£0.05", "£0.05", "0.05"),
        (1250, "£12.50", "£12.50", "12.50"),
        (1200, "£12.00", "£12", "12.00"),
        (100_000, "£1,000.00", "£1,000", "1000.00"),
        (123_456_789, "£1,234,567.89", "£1,234,567.89", "1234567.89"),
    ],
)
def test_pence_are_shown_as_pounds(pence, long, short, decimal):
    assert (pounds(pence), short_pounds(pence), decimal_pounds(pence)) == (long, short, decimal)


@given(PENCE)
def test_no_penny_is_lost(pence):
    assert int(decimal_pounds(pence).replace(".", "")) == pence
    assert pounds(pence).replace(",", "") == f"£{decimal_pounds(pence)}"
    assert short_pounds(pence) in (pounds(pence), pounds(pence)[:-3])


@pytest.mark.parametrize("show", [pounds, short_pounds, decimal_pounds])
def test_an_amount_below_zero_is_refused(show):
    with pytest.raises(ValueError, match="-1 pence"):
        show(-1)
