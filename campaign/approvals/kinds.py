"""The kinds of act that need care. Each app describes its own here, in one class a kind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

UNDO_FOR = timedelta(hours=24)


class Request(Protocol):
    """What a kind knows of a request: `campaign.approvals.models.ApprovalRequest`, for one."""

    subject: str
    payload: dict[str, Any]
    people: int
    reason: str
    asked_by: User
    asked_at: datetime


class Kind:
    """One kind of act: what it does to whom, how it is hidden at once and undone, and who may ask for it.

    `permission` is Django's, for those who ask and those who approve. `delay` is how long it can be undone before
    it acts; an act with an undo of its own needs none. `always_second` asks for a second organiser even for one person.
    """

    label: Any
    warning: Any = _("Once done, it cannot be undone.")
    permission: str
    delay: timedelta = UNDO_FOR
    always_second = False

    def people(self, request: Request) -> int:
        """Return how many people it would affect now."""
        raise NotImplementedError

    def settle(self, request: Request) -> int:
        """Lock what it is about, so that it stays as it is until the request is stored; return how many people."""
        return self.people(request)

    def sample(self, request: Request) -> list[str]:
        """Return a line about each of a few of them, at most ten."""
        raise NotImplementedError

    def page(self, request: Request) -> str:
        """Return the address of the admin page to go to afterwards."""
        raise NotImplementedError

    def hide(self, request: Request) -> None:
        """Hide from visitors at once what it is about, before anybody else has agreed."""

    def restore(self, request: Request) -> None:
        """Undo `hide`: the request was undone or refused."""

    def act(self, request: Request) -> None:
        """Do it."""
        raise NotImplementedError

    def acts_at(self, request: Request, agreed_at: datetime) -> datetime:
        """Return when it acts (aware), once everybody needed has agreed at `agreed_at` (aware)."""
        return agreed_at + self.delay


KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[type[Kind]], type[Kind]]:
    """Register a class under a name such as "pledges.withdraw", which requests are stored with."""

    def register(described: type[Kind]) -> type[Kind]:
        KINDS[name] = described()
        return described

    return register
