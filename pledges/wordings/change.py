"""How the words of a draft differ from those that stand, and what follows when it is published."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Max
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.versions.models import Version
from campaign.versions.problems import NotReadyError, Problem
from campaign.versions.versioned import READ
from pledges.wordings.words import Words

if TYPE_CHECKING:
    from pledges.wordings.worded import Worded

# The number in a version's content. Versions made before there were numbers show wording 1. There is an index of this.
NUMBER = Coalesce(Cast(KT("content__fields__wording"), models.IntegerField()), 1)


@dataclass(frozen=True)
class ChangeOfWords:
    """A saved draft, and the words that stand: the last that were published, even if their time is still to come."""

    draft: "Worded"
    new: Words
    standing: "Worded | None" = None
    old: Words | None = None
    stands_from: datetime | None = None

    @classmethod
    def of(cls, row: "Worded", *, lock: bool) -> "ChangeOfWords":
        """Return the change that publishing this row would make. With `lock`, others who publish it have to wait."""
        rows = type(row)._base_manager.filter(pk=row.pk)
        draft = (rows.select_for_update(no_key=True) if lock else rows).get()
        dated = Version.objects.of(type(row), row.pk).filter(live_at__isnull=False, cancellation=None)
        newest = dated.order_by("-live_at", "-number").values(*READ).first()
        if newest is None:
            return cls(draft, draft.words)
        standing = draft.as_version(newest)
        return cls(draft, draft.words, standing, standing.words, newest["live_at"])

    @property
    def is_change(self) -> bool:
        """Return whether any word differs."""
        return self.old is not None and self.old != self.new

    @property
    def needs_choice(self) -> bool:
        """Return whether somebody has signed what would change."""
        return self.is_change and (self.draft.signatures.exists() or self.draft.sheets.exists())

    def refuse_unless_chosen(self) -> None:
        """Raise NotReadyError if somebody has signed what would change."""
        if self.needs_choice:
            text = _("People have signed other words. Say whether this corrects a slip or is a new wording.")
            raise NotReadyError([self._problem(text)])

    def refuse_if_scheduled(self) -> None:
        """Raise NotReadyError if other words are scheduled: theirs and these would take turns."""
        if self.is_change and self.stands_from and self.stands_from > timezone.now():
            day = date_format(timezone.localtime(self.stands_from), "j F Y, H:i")
            text = _("Other words are scheduled for %(day)s. Call them off first.") % {"day": day}
            raise NotReadyError([self._problem(text)])

    def refuse_unless_slip(self, reason: str) -> None:
        """Raise NotReadyError if it is more than a correction, or has no reason."""
        why = self.why_no_slip()
        if why or self.is_change and not reason.strip():
            raise NotReadyError([self._problem(why or _("Give a reason, which visitors see."))])

    def why_no_slip(self) -> str:
        """Return why it is more than a correction of the wording as first published, in a sentence, or ""."""
        return self._first_words().why_no_slip(self.new) if self.is_change else ""

    def renumber(self, live_at: datetime) -> dict[str, Any]:
        """Return the fields of the draft if it goes live then: other words get the next number."""
        if self.standing is None:
            return {"wording": 1, "wording_since": live_at, "corrections": []}
        if self.is_change:
            return {"wording": self._last_number() + 1, "wording_since": live_at, "corrections": []}
        since = self.standing.wording_since
        return self._kept() | {"wording_since": since and min(since, live_at)}

    def correct(self, reason: str, live_at: datetime) -> dict[str, Any]:
        """Return the fields of the draft if it goes live then under the same number, with a correction recorded."""
        if self.standing is None or self.old is None or not self.is_change:
            return self.renumber(live_at)
        changes = [change.in_context() for change in self.old.changes_to(self.new)]
        made = {"on": timezone.localdate(live_at).isoformat(), "reason": reason.strip(), "changes": changes}
        return self._kept() | {"corrections": [*self.standing.corrections, made]}

    def _kept(self) -> dict[str, Any]:
        return {name: getattr(self.standing, name) for name in ("wording", "wording_since", "corrections")}

    def _first_words(self) -> Any:
        """Return the words of the standing wording before any correction, so that many small ones can't replace it."""
        standing: Any = self.standing
        first = standing.numbered_versions().filter(of_wording=standing.wording, live_at__isnull=False)
        oldest = first.filter(cancellation=None).order_by("live_at", "number").values(*READ).first()
        return self.draft.as_version(oldest).words

    def _last_number(self) -> int:
        dated = self.draft.numbered_versions().filter(live_at__isnull=False, cancellation=None)
        return dated.aggregate(last=Max("of_wording"))["last"]

    def _problem(self, text: str) -> Problem:
        """Return a problem beside the first text that differs."""
        old, new = self.old or self.new, self.new
        if old.statement != new.statement:
            return Problem(str(type(self.draft).statement.field.verbose_name), text, "id_statement")
        pairs = zip(old.demands, new.demands, strict=False)
        end = min(len(old.demands), max(len(new.demands) - 1, 0))
        position = next((place for place, (was, is_now) in enumerate(pairs) if was != is_now), end)
        return Problem(_("demands"), text, f"id_demands-{position}-text")
