"""How long we keep things. Each app registers what it deletes and when; the command `retention` deletes it daily."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

Delete = Callable[[datetime], int]


@dataclass(frozen=True)
class Rule:
    """A rule: what is kept, as the privacy notice says; the setting, in days; and the function that deletes.

    Without `delete`, erasing needs the approval of two organisers (`campaign.approvals`); the desk shows them a task.
    """

    what: Any
    setting: str
    delete: Delete | None = None

    @property
    def days(self) -> int:
        """Return the number of days for which the data is kept."""
        return getattr(settings, self.setting)

    def apply(self, now: datetime) -> int:
        """Delete everything that is too old at `now` (aware); return how many rows."""
        return self.delete(now - timedelta(days=self.days)) if self.delete else 0


RULES: list[Rule] = []


def rule(what: Any, setting: str) -> Callable[[Delete], Delete]:
    """Register a function that deletes data older than a given time (aware), and returns how many.

    `what` is shown in the privacy notice, beside the number of days from `setting`.
    """

    def register(delete: Delete) -> Delete:
        RULES.append(Rule(what, setting, delete))
        return delete

    return register
