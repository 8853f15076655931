"""Moving new confirmations into the count and the public list, in steps.

Confirming a signature never touches a published count: a row that every confirmation updated would make them queue.
Names published in one step are listed in random order, so that nobody can match a name to a moment.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from pledges.counting.ledger import close_day
from pledges.models import AreaCount, Pledge, PublishedCount, Signature, TagCount, WordingCount
from pledges.models.counts import FIRST_WORDING

STEP = 1000


def pledges_due(now: datetime, last: Mapping[int, datetime]) -> list[int]:
    """Return the keys of pledges due a step at `now` (aware): enough changes wait, or the last step was long ago.

    If the count moved with every signature, anybody watching it would see when somebody signed. That is why a lone
    signature under a quiet pledge isn't published just because another pledge is busy.
    """
    too_long = now - timedelta(seconds=settings.COUNT_MAX_WAIT)
    recent = [key for key, stepped_at in last.items() if stepped_at > too_long]
    nth = settings.COUNT_MIN_CHANGES - 1
    enough_wait = Exists(Signature.objects.unpublished().filter(pledge=OuterRef("pk")).order_by()[nth:])
    due = Pledge.objects.filter(~Q(pk__in=recent) | enough_wait)
    return list(due.order_by().values_list("pk", flat=True))


def publish_counts(pledges: Collection[int] | None = None) -> int:
    """Publish up to 1,000 changes of counts and lists; return how many there were.

    `pledges` (keys) limits it to these pledges. Calls may overlap: each takes changes that no other has locked.
    """
    waiting = Signature.objects.unpublished()
    with transaction.atomic():
        changed = list(
            (waiting if pledges is None else waiting.filter(pledge__in=pledges))
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pledge_id")
            .only("pledge_id", *COLUMNS)[:STEP]
        )
        for pledge_id, group in groupby(changed, key=lambda signature: signature.pledge_id):
            _publish_pledge(pledge_id, list(group))
    return len(changed)


COLUMNS = (
    *("state", "kind", "visibility", "approved", "area_code", "wording", "tag_id"),
    *("in_published_count", "counted_wording", "public_number"),
)


def _publish_pledge(pledge_id: int, changed: list[Signature]) -> None:
    PublishedCount.objects.get_or_create(pledge_id=pledge_id)
    published = PublishedCount.objects.select_for_update().get(pledge_id=pledge_id)
    now = timezone.now()
    close_day(published, now)
    areas: Counter[str] = Counter()
    wordings: Counter[int] = Counter()
    tags: Counter[int | None] = Counter()
    SystemRandom().shuffle(changed)
    for signature in changed:
        areas[signature.area_code] += signature.counts - signature.in_published_count
        tags[signature.tag_id] += signature.counts - signature.in_published_count
        wordings[signature.counted_wording] -= signature.in_published_count
        wordings[signature.wording] += signature.counts
        signature.in_published_count, signature.counted_wording = signature.counts, signature.wording
        if signature.is_listed and signature.public_number is None:
            published.last_number += 1
            signature.public_number = published.last_number
    published.move(areas.total(), now)
    Signature.objects.bulk_update(changed, ["in_published_count", "counted_wording", "public_number"])
    published.save()
    del areas[""], wordings[FIRST_WORDING], tags[None]
    _add(AreaCount, "area_code", pledge_id, areas)
    _add(WordingCount, "wording", pledge_id, wordings)
    _add(TagCount, "tag_id", pledge_id, tags)


def _add(model: Any, key: str, pledge_id: int, changes: Mapping[Any, int]) -> None:
    """Add each change to the count with its key. The lock on the published count keeps out other writers."""
    changes = {value: change for value, change in changes.items() if change}
    counts = model.objects.filter(pledge_id=pledge_id, **{f"{key}__in": changes})
    current = dict(counts.values_list(key, "count"))
    model.objects.bulk_create(
        [
            model(pledge_id=pledge_id, count=current.get(value, 0) + change, **{key: value})
            for value, change in changes.items()
        ],
        update_conflicts=True,
        unique_fields=["pledge", key],
        update_fields=["count"],
    )
