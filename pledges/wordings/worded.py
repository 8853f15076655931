"""Content whose words are numbered, because people put their names to them.

A number always means the same words, so that a signature shows what its signer agreed to. Other words are published
under the next number. Only a slip may be corrected under the same number, and visitors see the correction.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.pages.published import Published
from campaign.pages.shared import Shared
from campaign.versions.live_version import READ
from campaign.versions.models import Version
from pledges.wordings.change import NUMBER, ChangeOfWords
from pledges.wordings.words import Words


@dataclass(frozen=True)
class Correction:
    """One correction that visitors see: the day, the reason, and the old and new words of each change."""

    day: date
    reason: str
    changes: list[tuple[str, str]]


class Worded(Shared, Published):
    """Content with a statement and demands that people sign. Publishing sets the three fields below.

    The words are locked once anybody has signed them, even on paper or without confirming yet, because those people
    have put their names to them too.
    """

    wording = models.PositiveSmallIntegerField(gettext_lazy("wording"), default=1, db_default=1, editable=False)
    wording_since = models.DateTimeField(gettext_lazy("wording since"), null=True, editable=False)
    corrections = models.JSONField(
        gettext_lazy("corrections"), default=list, db_default=Value([], models.JSONField()), editable=False
    )

    statement: Any
    demands: Any
    signatures: Any
    sheets: Any

    class Meta(Published.Meta):
        abstract = True

    @transaction.atomic
    def publish(
        self,
        by: User | None = None,
        live_at: datetime | None = None,
        expires_at: datetime | None = None,
        note: str = "",
        check: bool = True,
    ) -> Version:
        """Publish as for other content, giving changed words the next number.

        Also raises NotReadyError if anybody has signed the words that would change. In that case, call
        `publish_new_wording` or `publish_correction` instead.
        """
        change = ChangeOfWords.of(self, lock=True)
        if check:
            change.refuse_if_scheduled()
            change.refuse_unless_chosen()
        self._keep_in_draft(change.renumber(live_at or timezone.now()))
        return super().publish(by, live_at, expires_at, note, check)

    @transaction.atomic
    def publish_new_wording(self, by: User | None = None, live_at: datetime | None = None, **more: Any) -> Version:
        """Publish changed words under the next number. Raises NotReadyError."""
        change = ChangeOfWords.of(self, lock=True)
        change.refuse_if_scheduled()
        self._keep_in_draft(change.renumber(live_at or timezone.now()))
        return super().publish(by, live_at, **more)

    @transaction.atomic
    def publish_correction(
        self, reason: str, by: User | None = None, live_at: datetime | None = None, **more: Any
    ) -> Version:
        """Publish corrected words under the same number, with a reason that visitors see.

        Record no correction if somebody else has just published the same words. Raises NotReadyError, for instance if
        the change is more than a correction or the reason is missing.
        """
        change = ChangeOfWords.of(self, lock=True)
        change.refuse_if_scheduled()
        change.refuse_unless_slip(reason)
        self._keep_in_draft(change.correct(reason, live_at or timezone.now()))
        return super().publish(by, live_at, **more)

    def asks_about_words(self) -> bool:
        """Return whether publishing has to ask how the words have changed, because people have signed the old ones."""
        return ChangeOfWords.of(self, lock=False).needs_choice

    def why_no_slip(self) -> str:
        """Return a sentence that says why the changes are more than a correction, or "" if they may be a correction."""
        return ChangeOfWords.of(self, lock=False).why_no_slip()

    def _keep_in_draft(self, values: dict[str, Any]) -> None:
        """Store the fields that only publishing sets, in the draft that the version is made from."""
        type(self)._base_manager.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)

    @property
    def words(self) -> Words:
        """Return the words of the statement and the demands."""
        return Words.of(self.statement, [demand.text for demand in self.demands.all()])

    @property
    def wording_in_words(self) -> str:
        """Return "Wording 2, since 3 December 2026", or "Wording 1" if its first day isn't known."""
        number = {"number": self.wording}
        if self.wording_since is None:
            return _("Wording %(number)d") % number
        day = date_format(timezone.localtime(self.wording_since), "j F Y")
        return _("Wording %(number)d, since %(day)s") % {**number, "day": day}

    @property
    def corrections_made(self) -> list[Correction]:
        """Return the corrections of this wording, oldest first."""
        return [
            Correction(date.fromisoformat(one["on"]), one["reason"], [(old, new) for old, new in one["changes"]])
            for one in self.corrections
        ]

    def wordings(self, below: int, limit: int) -> list[Self]:
        """Return the object in each wording below this number that was ever live, fully corrected, newest first."""
        versions = self.numbered_versions().begun(timezone.now()).filter(of_wording__lt=below)
        newest = versions.order_by("-of_wording", "-live_at", "-number").distinct("of_wording")
        return [self.as_version(one) for one in newest.values("of_wording", *READ)[:limit]]

    def in_wording(self, number: int) -> Self | None:
        """Return the object in the wording with this number, fully corrected, or None if that was never live."""
        if number == self.wording and self.version_number is not None:
            return self
        newest = self.numbered_versions().begun(timezone.now()).filter(of_wording=number).values(*READ).first()
        return self.as_version(newest) if newest else None

    def numbered_versions(self) -> Any:
        """Return the object's versions with `of_wording`, the number of the wording that each version shows."""
        return Version.objects.of(type(self), self.pk).annotate(of_wording=NUMBER)
