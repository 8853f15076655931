"""What each app shows on the organisers' front page besides tasks: figures, plots, panels and shortcuts."""

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
    """One number or a few words, such as "12" or "Tue 24 Nov, 18:00", and the admin page that says more."""

    label: Any
    value: str
    url: str = ""
    note: Any = ""


@dataclass(frozen=True)
class Plot:
    """Counts by day, oldest first and without a gap: a line, and the same numbers as a sentence and a table."""

    title: Any
    days: list[tuple[date, int]]

    @property
    def chart(self) -> Chart | None:
        """The line to draw; None if there is nothing to see."""
        return draw(self.days) if self.total else None

    @property
    def total(self) -> int:
        """The sum over all days."""
        return sum(count for _day, count in self.days)

    @property
    def highest(self) -> tuple[date, int]:
        """The day with the highest count, the earliest if there are several, and that count."""
        return max(self.days, key=lambda one: one[1])

    @property
    def newest_first(self) -> list[tuple[date, int]]:
        """The days for the table."""
        return self.days[::-1]


@dataclass(frozen=True)
class Line:
    """One line of a panel: a text, and the page it is about."""

    text: Any
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A short list with a heading. `when_empty` is a sentence for a list without lines."""

    title: Any
    lines: list[Line]
    when_empty: Any


Item = Figure | Plot | Panel
Finder = Callable[[User], Iterable[Item]]
FINDERS: list[tuple[str, Finder]] = []


def shows(permission: str = "") -> Callable[[Finder], Finder]:
    """Register a function that returns items for the front page, and the permission that organisers need to see them.

    It is called with the organiser on every visit, if they have the permission: keep it to one or two queries that an
    index or a small table answers. Without a permission, the function itself leaves out what the organiser may not see.
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
    """Headings of the shortcuts, in the order of the page."""

    PAGES = "pages", _("Pages and the site")
    SIGNATURES = "signatures", _("Pledges and signatures")
    EVENTS = "events", _("Protests, letters and businesses")
    DONATIONS = "donations", _("Donations")
    PEOPLE = "people", _("Organisers and privacy")


@dataclass(frozen=True)
class Shortcut:
    """A task in the words of the work, such as "Change a page", and the admin page where it is done."""

    group: Group
    text: Any
    view: str
    permission: str
    query: str = ""

    @property
    def url(self) -> str:
        """The address of the page, with `query` appended unchanged."""
        return reverse(f"admin:{self.view}") + self.query


SHORTCUTS: list[Shortcut] = []


def offer(group: Group, *shortcuts: tuple[Any, ...]) -> None:
    """Register shortcuts, each as a text, the name of an admin view, a permission and, if needed, a query string."""
    SHORTCUTS.extend(Shortcut(group, *parts) for parts in shortcuts)


def shortcuts_for(user: User) -> list[Shortcut]:
    """Return the shortcuts to what this organiser may do, group by group."""
    groups = list(Group)
    allowed = [one for one in SHORTCUTS if user.has_perm(one.permission)]
    return sorted(allowed, key=lambda one: groups.index(one.group))
