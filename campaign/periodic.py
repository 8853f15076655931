"""Work that a worker does regularly. Each app registers its steps, and the command `publish_counts` runs them."""

import logging
from collections.abc import Callable
from datetime import datetime

from campaign.db import is_unavailable
from campaign.monitoring.log_lines import Safe

log = logging.getLogger(__name__)
Step = Callable[[datetime], int]
STEPS: list[Step] = []


def runs_regularly(step: Step) -> Step:
    """Register and return a function that does whatever is due at a time (aware), and returns how many things it did.

    The function is called every few seconds, perhaps by several workers at once.
    """
    STEPS.append(step)
    return step


def run_steps(now: datetime) -> int:
    """Run every step at `now` (aware); return the sum of their results. A step that fails doesn't stop the others."""
    return sum(_run(step, now) for step in STEPS)


def _run(step: Step, now: datetime) -> int:
    try:
        return step(now)
    except Exception as error:
        if is_unavailable(error):
            raise  # `campaign.worker.work` waits for the database.
        log.exception("The step %s failed.", Safe(step.__name__))
        return 0
