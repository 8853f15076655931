"""The uses of pictures and documents. Each app registers a function that finds its own uses.

A file that is in use can't be deleted: see `LibraryFile.delete`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

MAX_SHOWN = 50


@dataclass(frozen=True)
class Use:
    """One place that shows a picture or offers a document: its name for organisers, and its address."""

    text: str
    url: str


Finder = Callable[[Any], Iterable[Use]]
FINDERS: list[Finder] = []


def finds_uses(finder: Finder) -> Finder:
    """Register a function that yields the uses of one Picture or Document. It should make at most one query."""
    FINDERS.append(finder)
    return finder


def uses_of(file: Any) -> list[Use]:
    """Return at most MAX_SHOWN places that use the picture or document."""
    found = (use for finder in FINDERS for use in finder(file))
    return list(islice(found, MAX_SHOWN))
