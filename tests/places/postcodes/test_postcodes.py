"""Postcodes as people type them."""

from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.places.postcodes import (
    LOOK_ALIKES,
    NATIONS,
    NotAPostcodeError,
    advice,
    is_possible,
    normalise,
    outward_code,
    readings,
)

SEPARATORS = st.text(" \t\u00a0\u200b.,;:-\u2010\u2013\u2014/()'\"\u202e\ufeff", max_size=2)
FULL_WIDTH = {ord(letter): chr(ord(letter) + 0xFEE0) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"}


@st.composite
def postcodes(draw):
    """Draw a possible postcode, such as "NW3 7UX"."""
    area = draw(st.sampled_from(sorted(NATIONS)))
    district = draw(st.one_of(st.integers(0, 99).map(str), st.from_regex(r"[0-9][ABEHP]", fullmatch=True)))
    inward = draw(st.from_regex(r"[0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True))
    return f"{area}{district} {inward}"


@pytest.mark.parametrize(
    ("typed", "normal", "outward"),
    [
        ("nw37ux", "NW3 7UX", "NW3"),
        (" Nw3  7uX ", "NW3 7UX", "NW3"),
        ("W1A-1AA", "W1A 1AA", "W1A"),
        ("EC1A1BB", "EC1A 1BB", "EC1A"),
        ("BT7 1NN", "BT7 1NN", "BT7"),
        ("M1 1AE", "M1 1AE", "M1"),
        (".CH89RS", "CH8 9RS", "CH8"),
        ("NW3 7UX.", "NW3 7UX", "NW3"),
        ("NW3\N{EN DASH}7UX", "NW3 7UX", "NW3"),
        ("\N{LEFT DOUBLE QUOTATION MARK}NW3/7UX\N{RIGHT DOUBLE QUOTATION MARK}", "NW3 7UX", "NW3"),
        ("\N{ZERO WIDTH SPACE}NW3\N{NO-BREAK SPACE}7UX\N{RIGHT-TO-LEFT MARK}", "NW3 7UX", "NW3"),
        ("\uff2e\uff37\uff13\u3000\uff17\uff35\uff38", "NW3 7UX", "NW3"),
    ],
)
def test_only_letters_and_digits_count(typed, normal, outward):
    assert normalise(typed) == normal
    assert outward_code(normalise(typed)) == outward


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("SW1A OAA", "SW1A 0AA"),
        ("sw1a oaa", "SW1A 0AA"),
        ("SWIA 0AA", "SW1A 0AA"),
        ("S014 7DW", "SO14 7DW"),
        ("0X1 2JD", "OX1 2JD"),
        ("IG1O IAA", "IG10 1AA"),
        ("1P1 1AA", "IP1 1AA"),
        ("B1O 1AA", "B10 1AA"),
    ],
)
def test_letters_and_digits_that_look_alike_are_corrected(typed, meant):
    assert normalise(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "NW3", "NW3 7UC", "12345", "NW3 7UXX", "NW\u0663 7UX", "\u041dW3 7UX", "MW3 7UX", "NW03 7UX", "90210"]
)
def test_an_invalid_postcode_is_refused(typed):
    with pytest.raises(NotAPostcodeError, match="Enter a full UK postcode, such as NW3 7UX"):
        normalise(typed)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("GIR 0AA", "Enter your own postcode"),
        ("gir oaa", "Enter your own postcode"),
        ("G1R 0AA", "Enter your own postcode"),
        ("BFPO 61", "begins with BF1"),
        ("bfpo", "begins with BF1"),
        ("FIQQ 1ZZ", "British Overseas Territory"),
        ("GX11 1AA", "British Overseas Territory"),
    ],
)
def test_common_entries_that_are_not_postcodes_get_their_own_answers(typed, answer):
    with pytest.raises(NotAPostcodeError, match=answer):
        normalise(typed)


@pytest.mark.parametrize(
    ("postcode", "answer"),
    [
        ("JE2 3AB", "in Jersey, which elects no MP"),
        ("GY1 1AA", "in Guernsey, which elects no MP"),
        ("IM1 1AD", "on the Isle of Man, which elects no MP"),
        ("BF1 0AX", "does not show where you vote"),
        ("BX1 1LT", "belongs to an organisation"),
        ("B1 1AA", ""),
        ("NW3 7UX", ""),
    ],
)
def test_a_postcode_outside_all_constituencies_gets_advice(postcode, answer):
    assert answer in advice(postcode) if answer else advice(postcode) == ""


@given(postcodes(), st.data())
def test_a_postcode_is_read_with_any_separators_and_in_full_width_letters(postcode, data):
    typed = "".join(data.draw(SEPARATORS) + letter for letter in postcode) + data.draw(SEPARATORS)

    assert normalise(typed) == postcode
    assert normalise(typed.lower().translate(FULL_WIDTH)) == postcode


@given(postcodes())
def test_every_look_alike_of_a_postcode_is_read_as_that_postcode(postcode):
    compact = postcode.replace(" ", "")
    for typed in map("".join, product(*(LOOK_ALIKES.get(letter, letter) for letter in compact))):
        assert [reading for reading in readings(typed) if is_possible(reading)] == [compact]


@given(st.text())
def test_any_text_is_normalised_or_refused(text):
    with suppress(NotAPostcodeError):
        assert normalise(normalise(text)) == normalise(text)
