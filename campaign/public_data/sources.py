"""The sources of public data that the site can fetch by itself. Each app registers its own, in `apps.py`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar


@dataclass(frozen=True)
class Found:
    """What a source offers now: the data, how `/data-notes/` describes it, and a fingerprint that changes with it."""

    data: Any
    rows: int
    title: str
    edition: str
    source_url: str
    file_name: str
    sha256: str


@dataclass(frozen=True)
class Change:
    """What an update changes: the lines of its report, and how many things the site would lose, if it is too many."""

    report: list[str] = field(default_factory=list)
    too_many_lost: int = 0


class Source:
    """One data set. `dataset` is its key among the editions, and `label` is what organisers call it."""

    dataset = ""
    label: Any = ""
    licence = ""

    def is_missing(self) -> bool:
        """Return whether the site has none of this data. It is asked on every visit to the desk."""
        raise NotImplementedError

    def fetch(self, folder: Path) -> Found | None:
        """Return the newest data, or None if the site has it. `folder` is for files, and is deleted afterwards.

        Raises RefusedError, with a reason in a sentence, if it can't be fetched or is not what it should be.
        """
        raise NotImplementedError

    def replace(self, found: Found, *, allow_losses: bool) -> Change:
        """Store the data, in the caller's transaction, and return what changed.

        If too much would be lost, store nothing unless `allow_losses` is set. Raises RefusedError for data that must
        not be stored.
        """
        raise NotImplementedError


SOURCES: dict[str, Source] = {}
Registered = TypeVar("Registered", bound=type[Source])


def source(described: Registered) -> Registered:
    """Register a class of source."""
    SOURCES[described.dataset] = described()
    return described
