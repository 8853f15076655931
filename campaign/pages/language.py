"""Pages speak the language they are written in, not the visitor's, so that a cache can hold them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it, what is rendered is in `language` (a code such as "en-gb"), direction included."""
    with translation.override(language):
        yield
