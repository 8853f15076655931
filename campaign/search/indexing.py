"""Keeping the search index up to date: the second worker compares it with what visitors may see.

So publishing, scheduling, hiding and expiry need not update it, and mistakes in it are corrected.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Subquery, Value
from django.utils import timezone

from campaign.db import is_unavailable
from campaign.monitoring.log_lines import Safe
from campaign.periodic import runs_regularly
from campaign.search.folding import folded
from campaign.search.models import IndexRow
from campaign.search.registry import KINDS, Searchable
from campaign.search.words import words_of
from campaign.versions.models import Version

MAX_AT_ONCE = 50  # objects of one kind
EVERY = timedelta(seconds=30)  # how long the search may take to notice what has gone live, expired or been hidden
log = logging.getLogger(__name__)


class Watch:
    """When this worker last compared the index, and which version was the newest then."""

    at: datetime | None = None
    newest: int | None = None

    @classmethod
    def is_due(cls, now: datetime) -> bool:
        """Return whether to compare at `now` (aware): once a version has been published, or after `EVERY`."""
        newest = Version.objects.order_by().aggregate(newest=Max("pk"))["newest"]
        is_due = cls.at is None or newest != cls.newest or not cls.at <= now < cls.at + EVERY
        if is_due:
            cls.at, cls.newest = now, newest
        return is_due


@runs_regularly
def index_for_search(now: datetime) -> int:
    """Update the index if anything may have changed. Return the number of changes."""
    return update_index() if Watch.is_due(now) else 0


def update_index() -> int:
    """Index what has changed, and delete what visitors may no longer see. Return the number of changes.

    Each call indexes up to MAX_AT_ONCE objects of a kind.
    """
    gone, _by_model = IndexRow.objects.exclude(pk__in=IndexRow.objects.seen().values("pk")).delete()
    return gone + sum(_index(row, kind) for kind in KINDS.values() for row in _changed(kind))


def _changed(kind: Searchable) -> Any:
    """Return the objects of a kind that are missing from the index or have changed since they were indexed."""
    rows = kind.published()
    live = Version.objects.live(rows.model, OuterRef("pk"), timezone.now()).values("number")
    same = IndexRow.objects.filter(
        kind=kind.model,
        object_id=OuterRef("pk"),
        version=OuterRef("live_number"),
        facts_at=OuterRef("facts_changed_at"),
    )
    return rows.annotate(live_number=Subquery(live)).exclude(Exists(same))[:MAX_AT_ONCE]


def _index(row: Any, kind: Searchable) -> int:
    """Index one object and return 1. If that fails, log it and leave the object out until it changes again."""
    try:
        _store(row, kind, str(row), words_of(row, kind))
    except Exception as error:
        if is_unavailable(error):
            raise
        log.exception("%s %s can't be indexed.", Safe(kind.model), row.pk)
        _store(row, kind, "", "")
    return 1


@transaction.atomic
def _store(row: Any, kind: Searchable, title: str, words: str) -> None:
    is_english = row.language.partition("-")[0] == "en"
    config, text = "english" if is_english else "simple", folded(words)
    values = {
        "version": row.version_number,
        "facts_at": row.facts_changed_at,
        "is_english": is_english,
        "text": text,
        "vector": SearchVector(Value(folded(title)), weight="A", config=config)
        + SearchVector(Value(text), weight="D", config=config),
    }
    IndexRow.objects.update_or_create(kind=kind.model, object_id=row.pk, defaults=values)
