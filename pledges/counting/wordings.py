"""The number of signatures under each wording of a pledge, with small counts suppressed."""

from campaign.small_numbers import in_tens, suppress_small
from pledges.models import Pledge
from pledges.models.counts import FIRST_WORDING


def counts_by_wording(pledge: Pledge) -> dict[int, int]:
    """Return the published counts by wording of a pledge loaded `with_wordings`, newest first, rounded down to tens.

    Counts under 10 are suppressed, and so are any counts that would reveal them, since visitors know the total.
    Rounding hides which wording somebody has just withdrawn a signature from.
    """
    later = {int(number): count for number, count in (pledge.later_counts or {}).items()}
    counts = dict.fromkeys(range(FIRST_WORDING + 1, pledge.wording + 1), 0) | later
    counts[FIRST_WORDING] = pledge.count - sum(counts.values())
    shown = suppress_small({str(number): count for number, count in counts.items()})
    return {number: in_tens(shown[str(number)]) for number in sorted(counts, reverse=True) if str(number) in shown}
