"""The kinds of action that need approval. Each app describes its own kinds, with one class for each kind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

UNDO_FOR = timedelta(hours=24)


class Request(Protocol):
    """The part of `campaign.approvals.models.ApprovalRequest` that kinds use."""

    pk: int
    subject: str
    payload: dict[str, Any]
    people: int
    reason: str
    asked_by: User
    asked_at: datetime


class NotPossibleError(Exception):
    """The action has become impossible since it was requested. The message says why, in a sentence."""


class Kind:
    """One kind of action: what it does, who it affects, how it is hidden and undone, and the permission needed.

    `permission` is the Django permission that both requesting and approving require. `delay` is how long the action can
    be undone before it takes effect. An action that can be undone afterwards needs no delay. `always_second` requires a
    second organiser even for one person. Without `counts_people`, `people` returns 1, or 0 if there is nothing to do,
    and nobody has to type the number. Without `lists_people`, `sample` describes the action rather than the people.
    """

    label: Any
    warning: Any = _("You cannot undo this once it has been done.")
    nobody: Any = _("Nobody would be affected, so there is nothing to do.")
    permission: str
    delay: timedelta = UNDO_FOR
    always_second = False
    counts_people = True
    lists_people = True

    def people(self, request: Request) -> int:
        """Return how many people the action would affect now."""
        raise NotImplementedError

    def settle(self, request: Request) -> int:
        """Lock the subject, so that it can't change before the request is stored; return how many people it affects."""
        return self.people(request)

    def sample(self, request: Request) -> list[str]:
        """Return one line about each of at most ten affected people."""
        raise NotImplementedError

    def links(self, request: Request) -> list[tuple[Any, str]]:
        """Return the text and the admin address of each link to look at before deciding."""
        return []

    def page(self, request: Request) -> str:
        """Return the URL of the admin page to go to afterwards."""
        raise NotImplementedError

    def hide(self, request: Request) -> None:
        """Hide the subject from visitors at once, before anybody else has approved."""

    def restore(self, request: Request) -> None:
        """Reverse `hide`, because the request was undone or refused."""

    def act(self, request: Request) -> None:
        """Carry out the action. Raises NotPossibleError if it has become impossible."""
        raise NotImplementedError

    def obstacle(self, request: Request, user: User) -> Any:
        """Return the reason, in words, why this organiser may not approve the request, or None if they may."""
        return None

    def acts_at(self, request: Request, agreed_at: datetime) -> datetime:
        """Return when the action takes effect (aware), if everybody needed has agreed by `agreed_at` (aware)."""
        return agreed_at + self.delay


KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[type[Kind]], type[Kind]]:
    """Register a class under a name such as "pledges.withdraw", with which requests refer to it."""

    def register(described: type[Kind]) -> type[Kind]:
        KINDS[name] = described()
        return described

    return register
