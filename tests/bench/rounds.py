"""Times taken in turns within one run, so that a slow or busy machine is as slow for all of them."""

import time
from statistics import median


def medians(rounds, *functions):
    """Call each function once in every round; return the median of each one's processor time, in milliseconds."""
    times = [[] for _function in functions]
    for number in range(rounds):
        for taken, function in zip(times, functions, strict=True):
            began = time.process_time_ns()
            function(number)
            taken.append((time.process_time_ns() - began) / 1_000_000)
    return [median(taken) for taken in times]
