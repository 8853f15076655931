"""How many signatures came by each tag. Each app with signatures registers a function that counts them."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping

from campaign.small_numbers import MIN_SHOWN, in_tens

Counts = Callable[[Collection[int]], Mapping[int, int]]
COUNTERS: list[Counts] = []


def counts_signatures(counter: Counts) -> Counts:
    """Register a function that takes keys of tags and returns the published count of signatures by each key.

    It counts only signatures that are in a published count, so that nobody can watch a number rise by one.
    """
    COUNTERS.append(counter)
    return counter


def signatures_by_tag(tags: Collection[int]) -> dict[int, int]:
    """Return the signatures by the keys of tags, rounded down to tens. Counts under 10 are left out."""
    totals: Counter[int] = Counter()
    for counter in COUNTERS:
        totals.update(counter(tags))
    return {tag: in_tens(count) for tag, count in totals.items() if count >= MIN_SHOWN}
