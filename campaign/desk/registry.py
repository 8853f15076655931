"""The items that apps show on the desk besides tasks: figures, plots, panels and shortcuts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.charts import Chart, draw


@dataclass(frozen=True)
class Figure:
    """A number or a few words, such as "12" or "Tue 24 Nov, 18:00", and the admin page with the details."""

    label: Any
    value: str
    url: str = ""
    note: Any = ""


@dataclass(frozen=True)
class Plot:
    """Counts by day, oldest first and without gaps, shown as a line and also as a sentence and a table."""

    title: Any
    days: list[tuple[date, int]]

    @property
    def chart(self) -> Chart | None:
        """Return the line to draw, or None if there is nothing to show."""
        return draw(self.days) if self.total else None

    @property
    def total(self) -> int:
        """Return the sum over all days."""
        return sum(count for _day, count in self.days)

    @property
    def highest(self) -> tuple[date, int]:
        """Return the day with the highest count (the earliest such day), and the count."""
        return max(self.days, key=lambda one: one[1])

    @property
    def newest_first(self) -> list[tuple[date, int]]:
        """Return the days for the table, newest first."""
        return self.days[::-1]


@dataclass(frozen=True)
class Line:
    """A line of a panel: a text, and the address of the page that the text is about."""

    text: Any
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A short list with a heading. `when_empty` is the sentence to show when the list is empty."""

    title: Any
    lines: list[Line]
    when_empty: Any


Item = Figure | Plot | Panel
Finder = Callable[[User], Iterable[Item]]
FINDERS: list[tuple[str, Finder]] = []


def shows(permission: str = "") -> Callable[[Finder], Finder]:
    """Register a function that returns items for the desk, and the permission that organisers need to see them.

    The desk calls the function with the organiser on every visit, if they have the permission: it should run no more
    than one or two queries, on an index or a small table. A function registered without a permission must leave out
    anything that the organiser may not see.
    """

    def register(finder: Finder) -> Finder:
        FINDERS.append((permission, finder))
        return finder

    return register


def items_for(user: User) -> list[Item]:
    """Return everything that this organiser may see, in the order in which the apps registered it."""
    allowed = [finder for permission, finder in FINDERS if not permission or user.has_perm(permission)]
    return [item for finder in allowed for item in finder(user)]


class Group(TextChoices):
    """The headings of the shortcuts, in the order in which the desk shows them."""

    PAGES = "pages", _("Pages and the site")
    SIGNATURES = "signatures", _("Pledges and signatures")
    EVENTS = "events", _("Protests, letters, businesses and communities")
    DONATIONS = "donations", _("Donations")
    PEOPLE = "people", _("Organisers and privacy")


@dataclass(frozen=True)
class Shortcut:
    """A task in an organiser's words, such as "Change a page", and the admin page for it."""

    group: Group
    text: Any
    view: str
    permission: str
    query: str = ""

    @property
    def url(self) -> str:
        """Return the address of the page, with `query` appended unchanged."""
        return reverse(f"admin:{self.view}") + self.query


SHORTCUTS: list[Shortcut] = []


def offer(group: Group, *shortcuts: tuple[Any, ...]) -> None:
    """Register shortcuts. Each is a text, the name of an admin view, a permission and, if needed, a query string."""
    SHORTCUTS.extend(Shortcut(group, *parts) for parts in shortcuts)


def shortcuts_for(user: User) -> list[Shortcut]:
    """Return the shortcuts to the tasks that this organiser may do, group by group."""
    groups = list(Group)
    allowed = [one for one in SHORTCUTS if user.has_perm(one.permission)]
    return sorted(allowed, key=lambda one: groups.index(one.group))
