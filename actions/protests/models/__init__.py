"""Protests, when and where they take place, changes to individual dates, and people who are coming."""

from actions.protests.models.arrangement import Arrangement
from actions.protests.models.attendee import Attendee, AttendeeCount
from actions.protests.models.change import ProtestChange
from actions.protests.models.occasion import Occasion
from actions.protests.models.place import Place
from actions.protests.models.protest import Protest, a_timezone
from actions.protests.models.protest_queryset import CONFIRMED_FOR, ProtestQuerySet
from actions.protests.models.reading import read_each
from actions.protests.models.schedule import Ordinal, Schedule, Weekday

__all__ = [
    "CONFIRMED_FOR",
    "Arrangement",
    "Attendee",
    "AttendeeCount",
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
