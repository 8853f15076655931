"""Publishing that requires two organisers. Another app decides for which content, and asks the second organiser."""

from datetime import datetime
from typing import Any, Protocol

from django.contrib.auth.models import User

from campaign.versions.versioned import Versioned


class JointPublishing(Protocol):
    """A rule that decides which content two organisers publish."""

    def applies_to(self, row: Versioned) -> bool:
        """Return whether a second organiser has to approve before visitors see this draft."""

    def request_about(self, row: Versioned) -> str:
        """Return the address of the open request about this draft, or ""."""

    def ask(
        self,
        row: Versioned,
        by: User,
        answers: dict[str, Any],
        live_at: datetime | None,
        expires_at: datetime | None,
        note: str,
    ) -> None:
        """Ask for approval to publish the saved draft.

        `answers` are the answers to the model's question, if it has one (`PublishingAdmin.publish_form`).
        """


class NeverJoint:
    """The default rule: one organiser is enough."""

    def applies_to(self, row: Versioned) -> bool:
        return False

    def request_about(self, row: Versioned) -> str:
        return ""

    def ask(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError
