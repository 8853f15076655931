"""Postcodes as people type them."""

import re

# The forms of a UK postcode, from the Royal Mail's Programmers' Guide to the Postcode Address File,
# edition 7: outward_code code of one or two letters, a digit, perhaps a letter or digit more; inward code
# of a digit and two letters, never C, I, K, M, O or V.
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")


def normalise(text: str) -> str:
    """Return "NW3 7UX" for "nw37ux" and the like. Raises ValueError for what is no UK postcode."""
    found = POSTCODE.fullmatch(re.sub(r"[\s-]+", "", text).upper())
    if not found:
        raise ValueError("not a UK postcode")
    return f"{found[1]} {found[2]}"


def outward_code(postcode: str) -> str:
    """The half before the space, which names a town or a part of one: "NW3" of "NW3 7UX"."""
    return postcode.split(" ")[0]
