"""Moving new confirmations into the count and the public list, in steps.

Confirming a signature never touches a published count: a row that every confirmation updated would make them queue.
Names published in one step are listed in random order, so that nobody can match a name to a moment.
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby
from random import SystemRandom

from django.conf import settings
from django.db import transaction

from pledges.models import AreaCount, PublishedCount, Signature

STEP = 1000


def is_due(now: datetime, last: datetime) -> bool:
    """Return whether a step is due at `now` (aware): enough changes wait, or the last step, at `last`, is long ago.

    If the count moved for each signature, anybody watching it would see when somebody signed.
    """
    if now - last >= timedelta(seconds=settings.COUNT_MAX_WAIT):
        return True
    enough = settings.COUNT_MIN_CHANGES
    return len(Signature.objects.unpublished().values_list("pk")[:enough]) == enough


def publish_counts() -> int:
    """Bring published counts up to date with the next 1,000 changes at most; return how many there were.

    Several may run at once: each takes changes that no other has locked.
    """
    with transaction.atomic():
        changed = list(
            Signature.objects.unpublished()
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pledge_id")
            .only("pledge_id", *COLUMNS)[:STEP]
        )
        for pledge_id, group in groupby(changed, key=lambda signature: signature.pledge_id):
            _publish_pledge(pledge_id, list(group))
    return len(changed)


COLUMNS = ("state", "kind", "visibility", "approved", "area_code", "in_published_count", "public_number")


def _publish_pledge(pledge_id: int, changed: list[Signature]) -> None:
    PublishedCount.objects.get_or_create(pledge_id=pledge_id)
    published = PublishedCount.objects.select_for_update().get(pledge_id=pledge_id)
    areas: Counter[str] = Counter()
    SystemRandom().shuffle(changed)
    for signature in changed:
        areas[signature.area_code] += signature.counts - signature.in_published_count
        signature.in_published_count = signature.counts
        if signature.is_listed and signature.public_number is None:
            published.last_number += 1
            signature.public_number = published.last_number
    published.count += areas.total()
    Signature.objects.bulk_update(changed, ["in_published_count", "public_number"])
    published.save()
    _publish_areas(pledge_id, {code: change for code, change in areas.items() if code and change})


def _publish_areas(pledge_id: int, changes: dict[str, int]) -> None:
    """Add the changes to the areas' counts; nobody else can while the pledge's published count is locked."""
    counts = AreaCount.objects.filter(pledge_id=pledge_id, area_code__in=changes).values_list("area_code", "count")
    current = dict(counts)
    AreaCount.objects.bulk_create(
        [
            AreaCount(pledge_id=pledge_id, area_code=code, count=current.get(code, 0) + change)
            for code, change in changes.items()
        ],
        update_conflicts=True,
        unique_fields=["pledge", "area_code"],
        update_fields=["count"],
    )
