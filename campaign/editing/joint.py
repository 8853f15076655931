"""Publishing that takes two organisers. Another app says for which content, and asks the second one."""

from datetime import datetime
from typing import Any, Protocol

from django.contrib.auth.models import User

from campaign.versions.versioned import Versioned


class JointPublishing(Protocol):
    """The rule by which content is published by two organisers."""

    def applies_to(self, row: Versioned) -> bool:
        """Return whether a second organiser has to approve before visitors see this draft."""

    def request_about(self, row: Versioned) -> str:
        """Return the address of the request about this draft that is still open, or ""."""

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

        `answers` are the answers to the model's question, if it asks one (`PublishingAdmin.publish_form`).
        """


class NeverJoint:
    """The default rule: one organiser is enough."""

    def applies_to(self, row: Versioned) -> bool:
        return False

    def request_about(self, row: Versioned) -> str:
        return ""

    def ask(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError
