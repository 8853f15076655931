"""Sizes of inherently slow tests: small in the gate, full in `make prove`."""

import os

FULL = os.environ.get("PROVE") == "1"


def size(gate, full):
    """Return the number, or the list of cases, to use in this run."""
    return full if FULL else gate
