"""Packing postcodes into two bytes each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.places.packing import UNITS, ConflictingUnitsError, Packer, find

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
def test_exactly_the_packed_units_are_found(units):
    sector = packed(units)
    found = {letters: find(*sector, letters) for letters in UNITS}

    assert {letters: (unit.code, unit.terminated) for letters, unit in found.items() if unit} == units


def test_halves_of_two_adjacent_entries_are_not_mistaken_for_a_unit():
    units = dict.fromkeys(UNITS[::2], (CODES[0], False))

    assert all(find(*packed(units), letters) is None for letters in UNITS[1::2])


@pytest.mark.parametrize("letters", ["", "A", "CI", "aa", "AAA", "1A"])
def test_invalid_unit_letters_are_not_found(letters):
    assert find(*packed({"AA": (CODES[0], False)}), letters) is None


def test_a_unit_with_two_answers_is_refused():
    packer = Packer()
    packer.add("AA", CODES[0], False)
    packer.add("AA", CODES[1], False)

    with pytest.raises(ConflictingUnitsError, match="AA"):
        packer.packed()


def test_a_unit_repeated_with_the_same_answer_is_packed_once():
    packer = Packer()
    packer.add("AA", CODES[0], True)
    packer.add("AA", CODES[0], True)

    assert packer.packed() == packed({"AA": (CODES[0], True)})


def test_a_sector_in_too_many_constituencies_is_refused():
    with pytest.raises(ValueError, match="too many"):
        packed({letters: (f"E1400{number + 1063}", False) for number, letters in enumerate(UNITS[:70])})
