"""A sector's postcodes in two bytes each, sorted for binary search.

The 16 bits of a unit, from the top: 9 for its two letters, 1 for "terminated", 6 for its constituency's place in the
sector's own list (63: none). Read them as whole numbers, each at an even offset: a search for bytes, such as SQL's
`position()`, would also find the halves of two neighbours.
"""

import sys
from array import array
from bisect import bisect_left
from dataclasses import dataclass

LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # all but C, I, K, M, O and V: see POSTCODE in campaign.places.postcodes
RANKS = {first + second: place for place, (first, second) in enumerate((a, b) for a in LETTERS for b in LETTERS)}
UNITS = list(RANKS)
LETTER_SHIFT = 7
TERMINATED = 1 << 6
NO_AREA = 63
CODE_LENGTH = 9


@dataclass(frozen=True)
class Unit:
    """One postcode's constituency code ("" for none), and whether the postcode is no longer in use."""

    code: str
    terminated: bool


class ConflictingUnitsError(Exception):
    """A unit was added twice with different constituencies or states. The message is its letters."""


class Packer:
    """A collection of one sector's units, in any order."""

    __slots__ = ("numbers", "places")

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.numbers = array("H")

    def add(self, letters: str, code: str, terminated: bool) -> None:
        """Add a unit. Raises ValueError for letters that no postcode ends with, and for a 64th constituency."""
        place = self.places.setdefault(code, len(self.places)) if code else NO_AREA
        if letters not in RANKS or len(self.places) > NO_AREA:
            raise ValueError("no such unit, or too many constituencies in one sector")
        self.numbers.append(RANKS[letters] << LETTER_SHIFT | (TERMINATED if terminated else 0) | place)

    def packed(self) -> tuple[bytes, str]:
        """Return the packed units and the codes that they refer to. Raises ConflictingUnitsError."""
        numbers = array("H", sorted(set(self.numbers)))
        for one, next_one in zip(numbers, numbers[1:], strict=False):
            if one >> LETTER_SHIFT == next_one >> LETTER_SHIFT:
                raise ConflictingUnitsError(UNITS[one >> LETTER_SHIFT])
        return _bytes(numbers), "".join(self.places)


def find(units: bytes, areas: str, letters: str) -> Unit | None:
    """Return the unit with these last two letters, or None without one."""
    if letters not in RANKS:
        return None
    numbers = _numbers(units)
    place = bisect_left(numbers, RANKS[letters] << LETTER_SHIFT)
    if place == len(numbers) or numbers[place] >> LETTER_SHIFT != RANKS[letters]:
        return None
    return _unit(numbers[place], areas)


def codes(units: bytes, areas: str) -> dict[int, str]:
    """Return the constituency code of each unit ("" for none), by a number that stands for the unit's two letters."""
    places = [areas[start : start + CODE_LENGTH] for start in range(0, len(areas), CODE_LENGTH)]
    found = {}
    for number in _numbers(units):
        place = number & NO_AREA
        found[number >> LETTER_SHIFT] = "" if place == NO_AREA else places[place]
    return found


def _unit(number: int, areas: str) -> Unit:
    place = number & NO_AREA
    code = "" if place == NO_AREA else areas[place * CODE_LENGTH : (place + 1) * CODE_LENGTH]
    return Unit(code, bool(number & TERMINATED))


def _numbers(units: bytes) -> array:
    numbers = array("H", units)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _bytes(numbers: array) -> bytes:
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()
