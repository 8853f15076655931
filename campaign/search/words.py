"""The words of published content, as the pages show them."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django_prose_editor.fields import ProseEditorField

from campaign.documents import html
from campaign.search.registry import Searchable

PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")  # in letters, a field for the writer to fill in
MAX_TEXT = 100_000  # characters; any further text of the object can't be found


def words_of(row: Any, kind: Searchable) -> str:
    """Return the text of a published object, without its title, one paragraph a line."""
    parts = ((part, names) for name, names in kind.parts.items() for part in getattr(row, name).all())
    texts = [text for one, names in [(row, kind.fields), *parts] for text in _texts(one, names)]
    return PLACEHOLDER.sub("…", "\n".join(texts))[:MAX_TEXT]


def _texts(row: Any, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        value = getattr(row, name) or ""
        if isinstance(row._meta.get_field(name), ProseEditorField):
            yield from ("".join(run.text for run in block.runs) for block in html.blocks(value))
        elif value:
            yield str(value)
