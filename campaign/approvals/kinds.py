"""The kinds of action that need approval. Each app describes its own, in one class for each kind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

UNDO_FOR = timedelta(hours=24)


class Request(Protocol):
    """What a kind knows about a request: satisfied by `campaign.approvals.models.ApprovalRequest`."""

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
    """One kind of action: what it does and to which people, how it is hidden and undone, and its permission.

    `permission` is Django's, both to request and to approve. `delay` is how long it can be undone before it takes
    effect; an action with its own undo needs none. `always_second` requires a second organiser even for one person.
    Without `counts_people`, `people` returns 1, or 0 if there is nothing to do, and nobody has to type the number.
    """

    label: Any
    warning: Any = _("You cannot undo this once it has been done.")
    nobody: Any = _("Nobody would be affected, so there is nothing to do.")
    permission: str
    delay: timedelta = UNDO_FOR
    always_second = False
    counts_people = True

    def people(self, request: Request) -> int:
        """Return how many people the action would affect now."""
        raise NotImplementedError

    def settle(self, request: Request) -> int:
        """Lock its subject, so that it cannot change before the request is stored; return how many people."""
        return self.people(request)

    def sample(self, request: Request) -> list[str]:
        """Return one line about each of at most ten affected people."""
        raise NotImplementedError

    def links(self, request: Request) -> list[tuple[Any, str]]:
        """Return links to look at before deciding: the text and the admin address of each."""
        return []

    def page(self, request: Request) -> str:
        """Return the URL of the admin page to go to afterwards."""
        raise NotImplementedError

    def hide(self, request: Request) -> None:
        """Hide its subject from visitors at once, before anybody else has approved."""

    def restore(self, request: Request) -> None:
        """Reverse `hide`, because the request was undone or refused."""

    def act(self, request: Request) -> None:
        """Carry out the action. Raises NotPossibleError if it has become impossible."""
        raise NotImplementedError

    def obstacle(self, request: Request, user: User) -> Any:
        """Return, in words, why this organiser in particular may not approve it; None if they may."""
        return None

    def acts_at(self, request: Request, agreed_at: datetime) -> datetime:
        """Return when it takes effect (aware), if everybody needed had agreed at `agreed_at` (aware)."""
        return agreed_at + self.delay


KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[type[Kind]], type[Kind]]:
    """Register a class under a name such as "pledges.withdraw", by which requests refer to it."""

    def register(described: type[Kind]) -> type[Kind]:
        KINDS[name] = described()
        return described

    return register
