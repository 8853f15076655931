"""Moving new confirmations into the count and the public list, in steps.

The signing path never touches the tally: a counter row that every confirmation updated would be a queue. Names that
come in one step are listed in random order, so that nobody can match a name to a moment.
"""

from itertools import groupby
from random import SystemRandom

from django.db import transaction

from pledges.models import Signature, Tally

STEP = 1000


def fold() -> int:
    """Bring the tallies up to date with the next 1,000 changes at most; return how many there were.

    Several may run at once: each takes changes that no other holds.
    """
    with transaction.atomic():
        changed = list(
            Signature.objects.not_folded()
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pledge_id")
            .defer("name", "email", "organisation")[:STEP]
        )
        for pledge_id, group in groupby(changed, key=lambda signature: signature.pledge_id):
            _fold_pledge(pledge_id, list(group))
    return len(changed)


def _fold_pledge(pledge_id: int, changed: list[Signature]) -> None:
    Tally.objects.get_or_create(pledge_id=pledge_id)
    tally = Tally.objects.select_for_update().get(pledge_id=pledge_id)
    SystemRandom().shuffle(changed)
    for signature in changed:
        tally.count += signature.counts - signature.tallied
        signature.tallied = signature.counts
        if signature.is_listed and signature.public_number is None:
            tally.last_number += 1
            signature.public_number = tally.last_number
    Signature.objects.bulk_update(changed, ["tallied", "public_number"])
    tally.save()
