"""Tasks waiting for an organiser. Each app contributes its own; the desk shows them all in one place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User


@dataclass(frozen=True)
class Button:
    """A button that deals with a task at once: its label, and the address that it posts to."""

    label: str
    url: str


@dataclass(frozen=True)
class Task:
    """One thing to deal with: a sentence that names nobody, the admin page for it, and the permission it needs.

    `permission` is Django's, such as "pledges.change_signature". `urgent` tasks come first. Tasks to do
    `before_opening` the site are listed separately. A task that takes no decision may have a `button`.
    """

    text: str
    url: str
    permission: str
    urgent: bool = False
    before_opening: bool = False
    button: Button | None = None


Finder = Callable[[], Iterable[Task]]
FINDERS: list[Finder] = []


def finds_tasks(finder: Finder) -> Finder:
    """Register a function that returns tasks of one kind. It runs on every visit: keep it to one cheap query."""
    FINDERS.append(finder)
    return finder


def all_tasks() -> list[Task]:
    """Return every task on the site, including set-up tasks, with urgent ones first."""
    found = [task for finder in FINDERS for task in finder()]
    return sorted(found, key=lambda task: not task.urgent)


def tasks_for(user: User) -> list[Task]:
    """Return the tasks that this organiser may deal with, urgent ones first."""
    return [task for task in all_tasks() if user.has_perm(task.permission)]
