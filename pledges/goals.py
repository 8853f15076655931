"""The goal that visitors see: the organisers' own until it is reached, then round numbers ahead of the count."""

# In tenths of the power of ten at or below the count: 2, 2.5, 5, 10 and 20 times it.
STEPS = (20, 25, 50, 100, 200)


def next_goal(count: int, goal: int) -> int:
    """Return the number to aim for: more than `count`, and never falling as the count grows.

    It is the organisers' `goal` while that is ahead. Once reached, it is the next of 1, 2, 2.5 and 5 times a power of
    ten that is ahead by a tenth or more: 1,000 signatures aim for 2,000, and 1,900 aim for 2,500.
    """
    if count < goal:
        return goal
    size = 10 ** (len(str(count)) - 1)
    return next(ahead for step in STEPS if (ahead := size * step // 10) * 10 >= count * 11)
