"""Packing postcodes into two bytes each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.places.packing import UNITS, Packer, TwoAnswersError, find, unpack

CODES = [f"E1400{number}" for number in range(1063, 1126)]
SECTORS = st.dictionaries(
    st.sampled_from(UNITS), st.tuples(st.sampled_from(["", *CODES]), st.booleans()), max_size=len(UNITS)
)


def packed(units):
    packer = Packer()
    for letters, (code, terminated) in units.items():
        packer.add(letters, code, terminated)
    return packer.packed()


@given(SECTORS)
def test_what_is_packed_comes_out_again(units):
    found = unpack(*packed(units))

    assert {unit.letters: (unit.code, unit.terminated) for unit in found} == units
    assert [unit.letters for unit in found] == sorted(units)


@given(SECTORS, st.sampled_from(UNITS))
def test_a_unit_is_found_just_when_it_is_there(units, letters):
    found = find(*packed(units), letters)

    assert (found and (found.code, found.terminated)) == units.get(letters)


def test_halves_of_two_neighbours_are_not_taken_for_a_unit():
    units = dict.fromkeys(UNITS[::2], (CODES[0], False))

    assert all(find(*packed(units), letters) is None for letters in UNITS[1::2])


@pytest.mark.parametrize("letters", ["", "A", "CI", "aa", "AAA", "1A"])
def test_letters_that_end_no_postcode_are_not_found(letters):
    assert find(*packed({"AA": (CODES[0], False)}), letters) is None


def test_a_unit_with_two_answers_is_refused():
    packer = Packer()
    packer.add("AA", CODES[0], False)
    packer.add("AA", CODES[1], False)

    with pytest.raises(TwoAnswersError, match="AA"):
        packer.packed()


def test_a_unit_said_twice_in_the_same_way_is_one():
    packer = Packer()
    packer.add("AA", CODES[0], True)
    packer.add("AA", CODES[0], True)

    assert len(unpack(*packer.packed())) == 1


def test_a_sector_in_too_many_constituencies_is_refused():
    with pytest.raises(ValueError, match="too many"):
        packed({letters: (f"E1400{number + 1063}", False) for number, letters in enumerate(UNITS[:70])})
