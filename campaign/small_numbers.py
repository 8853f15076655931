"""Counts that are safe to publish, because none is so small or so exact that it points to one person."""

MIN_SHOWN = 10


def in_tens(count: int) -> int:
    """Return a count rounded down to tens."""
    return count - count % MIN_SHOWN


def suppress_small(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts that are safe to publish, largest first, without those under 10.

    If those add up to less than 10, anybody who knows the total could work them out, so the smallest of the others is
    suppressed as well.
    """
    kept = {name: count for name, count in counts.items() if count >= MIN_SHOWN}
    suppressed = sum(counts.values()) - sum(kept.values())
    while kept and 0 < suppressed < MIN_SHOWN:
        suppressed += kept.pop(min(kept, key=lambda name: kept[name]))
    return largest_first(kept)


def largest_first(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts, largest first, and in order of name where they are equal."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
