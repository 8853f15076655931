"""How many signatures each tag has brought. Each app with signatures registers a function that counts them."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping

from campaign.small_numbers import MIN_SHOWN, in_tens

Counts = Callable[[Collection[int]], Mapping[int, int]]
COUNTERS: list[Counts] = []


def counts_signatures(counter: Counts) -> Counts:
    """Register a function that takes the keys of tags and returns the published count of signatures for each.

    It counts only signatures that are in a published count. Otherwise, people could watch the number rise by one.
    """
    COUNTERS.append(counter)
    return counter


def signatures_by_tag(tags: Collection[int]) -> dict[int, int]:
    """Return the number of signatures for each key of a tag, rounded down to tens. Leave out numbers under 10."""
    totals: Counter[int] = Counter()
    for counter in COUNTERS:
        totals.update(counter(tags))
    return {tag: in_tens(count) for tag, count in totals.items() if count >= MIN_SHOWN}
