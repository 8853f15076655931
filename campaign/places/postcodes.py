"""Postcodes as people type them."""

import re

# The forms of a UK postcode, from the Royal Mail's Programmers' Guide to the Postcode Address File,
# edition 7: an outward code of one or two letters, a digit, and perhaps another letter or digit; an inward
# code of a digit and two letters, which are never C, I, K, M, O or V.
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")


def normalise(text: str) -> str:
    """Return "NW3 7UX" for "nw37ux" and the like. Raises ValueError if it is not a UK postcode."""
    found = POSTCODE.fullmatch(re.sub(r"[\s-]+", "", text).upper())
    if not found:
        raise ValueError("not a UK postcode")
    return f"{found[1]} {found[2]}"


def outward_code(postcode: str) -> str:
    """Return the half before the space, which stands for a town or a part of one: "NW3" for "NW3 7UX"."""
    return postcode.split(" ")[0]
