"""How many signed each wording of a pledge, with small counts suppressed."""

from pledges.counting.areas import in_tens, suppress_small
from pledges.models import Pledge

FIRST = 1


def counts_by_wording(pledge: Pledge) -> dict[int, int]:
    """Return the published counts by wording, rounded down to tens, newest first, of a pledge loaded `with_wordings`.

    Counts under 10 are suppressed, and so are any that would reveal them, since visitors know the count of the whole.
    They are rounded because if one moved with every signature, it would show which wording somebody had just withdrawn
    from.
    """
    counts = {int(number): count for number, count in (pledge.later_counts or {}).items()}
    counts[FIRST] = pledge.count - sum(counts.values())
    shown = suppress_small({str(number): count for number, count in counts.items()})
    return {number: in_tens(shown[str(number)]) for number in sorted(counts, reverse=True) if str(number) in shown}
