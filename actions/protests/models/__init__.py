"""Protests: when and where they take place, and single dates that differ."""

from actions.protests.models.change import ProtestChange
from actions.protests.models.occasion import Occasion
from actions.protests.models.place import Place
from actions.protests.models.protest import CONFIRMED_FOR, Protest, ProtestQuerySet, a_timezone
from actions.protests.models.reading import read_each
from actions.protests.models.schedule import Ordinal, Schedule, Weekday

__all__ = [
    "CONFIRMED_FOR",
    "Occasion",
    "Ordinal",
    "Place",
    "Protest",
    "ProtestChange",
    "ProtestQuerySet",
    "Schedule",
    "Weekday",
    "a_timezone",
    "read_each",
]
