"""Conflicts between two organisers, or two tabs, that save the same object.

A form says which edition it began with: the time of the last change, to the microsecond. If the object has changed
since then, the site refuses to save, and shows the organiser what changed beside their own text.
"""

import re
from collections import defaultdict
from typing import Any

from django.http import QueryDict

from campaign.versions.versioned import Versioned

ROW = re.compile(r"(?P<prefix>.+)-(?P<number>\d+)-(?P<field>.+)")


def edition_of(row: Versioned | None) -> str:
    """Return the edition of a saved object, or "" for a new one."""
    return row.updated_at.isoformat() if row else ""


def is_stale(row: Versioned, post: QueryDict) -> bool:
    """Return whether the object has changed since the posted form was opened. Lock the object first."""
    return post.get("edition", "") != edition_of(row)


def on_top_of(row: Versioned, post: QueryDict) -> QueryDict:
    """Return a posted form as if it had been opened after the other organiser saved.

    A part that somebody has deleted since then becomes a new part, so that its text is not lost.
    """
    mine = post.copy()
    mine["edition"] = edition_of(row)
    for name in (*row.part_names(), *row.fact_parts):
        _renumber(mine, name, {str(key) for key in getattr(row, name).values_list("pk", flat=True)})
    return mine


def _renumber(post: QueryDict, prefix: str, keys: set[str]) -> None:
    """Put the rows that still exist first, as Django's formsets expect, and make the rest new rows."""
    rows: dict[int, dict[str, Any]] = defaultdict(dict)
    for name in [name for name in post if name.startswith(f"{prefix}-")]:
        match = ROW.fullmatch(name)
        if match and match["prefix"] == prefix:
            rows[int(match["number"])][match["field"]] = post.pop(name)
    known = [row for _number, row in sorted(rows.items()) if row.get("id", [""])[-1] in keys]
    new = [row for _number, row in sorted(rows.items()) if row.get("id", [""])[-1] not in keys]
    for row in new:
        row["id"] = [""]
    for number, row in enumerate([*known, *new]):
        for field, values in row.items():
            post.setlist(f"{prefix}-{number}-{field}", values)
    post[f"{prefix}-INITIAL_FORMS"], post[f"{prefix}-TOTAL_FORMS"] = str(len(known)), str(len(known) + len(new))
