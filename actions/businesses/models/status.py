"""A brand's public status at a moment, which follows from its public entries and is never stored."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.businesses.models.kinds import Basis, Kind, Level


class Code(models.TextChoices):
    """A status. The labels are factual: they say what we have recorded, not what a company thinks."""

    NONE = "none", gettext_lazy("No public commitment found")
    ASKED = "asked", gettext_lazy("Asked; no public commitment found")
    TALKS = "talks", gettext_lazy("In talks")
    PARTIAL = "partial", gettext_lazy("Committed in part")
    FULL = "full", gettext_lazy("Committed in full")
    KEPT = "kept", gettext_lazy("Commitment kept")
    BROKEN = "broken", gettext_lazy("Commitment broken")
    PASSED = "passed", gettext_lazy("Deadline passed; no evidence received")
    DECLINED = "declined", gettext_lazy("Declined to commit")
    NO_ANSWER = "no_answer", gettext_lazy("No answer after a reminder")


NEGATIVE = frozenset({Code.BROKEN, Code.PASSED, Code.DECLINED, Code.NO_ANSWER})
OF_LEVEL = {Level.NONE: Code.NONE, Level.TALKS: Code.TALKS, Level.PARTIAL: Code.PARTIAL, Level.FULL: Code.FULL}
OF_KIND = {
    Kind.KEPT: Code.KEPT,
    Kind.BROKEN: Code.BROKEN,
    Kind.DECLINED: Code.DECLINED,
    Kind.NO_ANSWER: Code.NO_ANSWER,
}
PROMISED = frozenset({Code.PARTIAL, Code.FULL})  # a deadline can pass for these only


@dataclass(frozen=True)
class Status:
    """A status: its `code`, the day it refers to, and the day `seen_on` on which it was worked out.

    `entry` is the key of the entry that decides it, and `basis` says how we know; both are empty if nothing has been
    recorded. `deadline` is the last day of a commitment whose deadline two organisers have approved, or None.
    """

    code: Code
    day: date
    seen_on: date
    basis: str = ""
    entry: int | None = None
    deadline: date | None = None

    @classmethod
    def of(cls, deciding: Any, asked: Any, moment: datetime) -> "Status":
        """Return the status that follows from the deciding entry and the last letter, either of which may be None."""
        today = timezone.localdate(moment)
        if deciding is None:
            return cls(Code.ASKED, asked.happened_on, today, "", asked.pk) if asked else cls(Code.NONE, today, today)
        code = OF_KIND.get(deciding.kind) or OF_LEVEL[Level(deciding.level)]
        known = (deciding.basis, deciding.pk)
        if code == Code.NONE:
            return cls(code, today, today, *known)
        deadline = deciding.deadline if code in PROMISED else None
        if deadline and deadline < today and deciding.window_ended and not deciding.evidence_waits:
            return cls(Code.PASSED, deadline, today, *known, deadline)
        return cls(code, deciding.happened_on, today, *known, deadline)

    @property
    def label(self) -> str:
        """Return the status in a few words, such as "Committed in part"."""
        return str(self.code.label)

    @property
    def sentence(self) -> str:
        """Return the status as a factual sentence with its day, without a full stop."""
        day = {"day": date_format(self.day, "j F Y"), "today": date_format(self.seen_on, "j F Y")}
        return _sentences()[self.code] % day

    @property
    def is_negative(self) -> bool:
        """Return whether the status speaks against the company."""
        return self.code in NEGATIVE

    @property
    def is_verified(self) -> bool:
        """Return whether we have verified it ourselves. Never show verified and self-declared alike."""
        return self.basis == Basis.VERIFIED

    @property
    def basis_label(self) -> str:
        """Return "Self-declared" or "Verified by us", or "" if the status has nothing to verify."""
        return str(Basis(self.basis).label) if self.basis and self.code not in (Code.NONE, Code.PASSED) else ""

    def days_left(self) -> int | None:
        """Return the days from `seen_on` to the deadline (0 on the last day), or None without a deadline ahead."""
        if self.deadline is None or self.deadline < self.seen_on:
            return None
        return (self.deadline - self.seen_on) // timedelta(days=1)


def _sentences() -> dict[Code, str]:
    return {
        Code.NONE: _("No public commitment found as of %(today)s"),
        Code.ASKED: _("Asked on %(day)s; no public commitment found as of %(today)s"),
        Code.TALKS: _("In talks since %(day)s"),
        Code.PARTIAL: _("Committed in part on %(day)s"),
        Code.FULL: _("Committed in full on %(day)s"),
        Code.KEPT: _("Commitment kept, as of %(day)s"),
        Code.BROKEN: _("Commitment broken, as of %(day)s"),
        Code.PASSED: _("Deadline passed on %(day)s; no evidence received as of %(today)s"),
        Code.DECLINED: _("Declined to commit on %(day)s"),
        Code.NO_ANSWER: _("No answer to a reminder, as of %(day)s"),
    }
