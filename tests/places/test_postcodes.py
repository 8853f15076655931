"""Postcodes as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.places.postcodes import normalise, outward_code


@pytest.mark.parametrize(
    ("typed", "normal", "outward"),
    [
        ("nw37ux", "NW3 7UX", "NW3"),
        (" Nw3  7uX ", "NW3 7UX", "NW3"),
        ("W1A-1AA", "W1A 1AA", "W1A"),
        ("EC1A1BB", "EC1A 1BB", "EC1A"),
        ("BT7 1NN", "BT7 1NN", "BT7"),
        ("M1 1AE", "M1 1AE", "M1"),
    ],
)
def test_postcodes_are_normalised(typed, normal, outward):
    assert normalise(typed) == normal
    assert outward_code(normalise(typed)) == outward


@pytest.mark.parametrize("typed", ["", "NW3", "NW3 7UC", "12345", "NW3 7UXX", "NW٣ 7UX"])
def test_an_invalid_postcode_is_refused(typed):
    with pytest.raises(ValueError, match="postcode"):
        normalise(typed)


@given(st.text())
def test_any_text_is_normalised_or_refused(text):
    with suppress(ValueError):
        assert normalise(normalise(text)) == normalise(text)
