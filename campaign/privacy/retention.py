"""How long we keep things. Each app says what it deletes; the command `retention` does it daily."""

from collections.abc import Callable
from datetime import datetime

Rule = Callable[[datetime], int]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a function that deletes what is too old at a time (aware) and returns how many."""

    def register(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return register
