"""Counts that are safe to publish, because none is so small or so exact that it points to one person."""

MIN_SHOWN = 10
MIN_SUPPRESSED = 2


def in_tens(count: int) -> int:
    """Return a count rounded down to tens."""
    return count - count % MIN_SHOWN


def suppress_small(counts: dict[str, int], others: int = 0) -> dict[str, int]:
    """Return the counts that are safe to publish, largest first, without those under 10.

    Include the counts that are 0: a missing name would show that there is none. Anybody who knows the total could work
    out a single suppressed count, or see that all of them are small. So if any is suppressed, at least two are, which
    add up to 10 or more: the smallest of the others are suppressed as well. `others` is the part of the total that
    belongs to none of the names and is never published.
    """
    kept = {name: count for name, count in counts.items() if count >= MIN_SHOWN}
    suppressed = [count for count in counts.values() if count < MIN_SHOWN]
    if suppressed and others:
        suppressed.append(others)
    while kept and suppressed and (len(suppressed) < MIN_SUPPRESSED or sum(suppressed) < MIN_SHOWN):
        suppressed.append(kept.pop(min(kept, key=lambda name: kept[name])))
    return largest_first(kept)


def largest_first(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts, largest first, and in order of name where they are equal."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
