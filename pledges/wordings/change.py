"""How a draft's words differ from the published words, and which wording number publishing gives them."""

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

from campaign.versions.live_version import READ
from campaign.versions.models import Version
from campaign.versions.problems import NotReadyError, Problem
from pledges.wordings.words import Words

if TYPE_CHECKING:
    from pledges.wordings.worded import Worded

# The wording's number in a version's content, which is indexed. Versions from before wordings were numbered show
# wording 1.
NUMBER = Coalesce(Cast(KT("content__fields__wording"), models.IntegerField()), 1)


@dataclass(frozen=True)
class ChangeOfWords:
    """A saved draft, and the words that were published last, even if they aren't live yet."""

    draft: "Worded"
    new: Words
    published: "Worded | None" = None
    old: Words | None = None
    published_from: datetime | None = None

    @classmethod
    def of(cls, row: "Worded", *, lock: bool) -> "ChangeOfWords":
        """Return the change that publishing this row would make. With `lock`, anybody else who publishes it waits."""
        rows = type(row)._base_manager.filter(pk=row.pk)
        draft = (rows.select_for_update(no_key=True) if lock else rows).get()
        dated = Version.objects.of(type(row), row.pk).filter(live_at__isnull=False, cancellation=None)
        newest = dated.order_by("-live_at", "-number").values(*READ).first()
        if newest is None:
            return cls(draft, draft.words)
        published = draft.as_version(newest)
        return cls(draft, draft.words, published, published.words, newest["live_at"])

    @property
    def is_change(self) -> bool:
        """Return whether any of the words differ."""
        return self.old is not None and self.old != self.new

    @property
    def needs_choice(self) -> bool:
        """Return whether anybody has signed the words that would change."""
        return self.is_change and (self.draft.signatures.exists() or self.draft.sheets.exists())

    def refuse_unless_chosen(self) -> None:
        """Raise NotReadyError if anybody has signed the words that would change."""
        if self.needs_choice:
            text = _("People have signed other words. Say whether this corrects a slip or is a new wording.")
            raise NotReadyError([self._problem(text)])

    def refuse_if_scheduled(self) -> None:
        """Raise NotReadyError if other words are already scheduled, because they would replace these later."""
        if self.is_change and self.published_from and self.published_from > timezone.now():
            day = date_format(timezone.localtime(self.published_from), "j F Y, H:i")
            text = _("Other words are scheduled for %(day)s. Call them off first.") % {"day": day}
            raise NotReadyError([self._problem(text)])

    def refuse_unless_slip(self, reason: str) -> None:
        """Raise NotReadyError if the change is more than a correction, or if no reason is given."""
        why = self.why_no_slip()
        if why or self.is_change and not reason.strip():
            raise NotReadyError([self._problem(why or _("Give a reason, which visitors see."))])

    def why_no_slip(self) -> str:
        """Return a sentence that says why this is more than a correction of the wording's first words, or ""."""
        return self._first_words().why_no_slip(self.new) if self.is_change else ""

    def renumber(self, live_at: datetime) -> dict[str, Any]:
        """Return the wording fields of a draft that goes live at this time: changed words get the next number."""
        if self.published is None:
            return {"wording": 1, "wording_since": live_at, "corrections": []}
        if self.is_change:
            return {"wording": self._last_number() + 1, "wording_since": live_at, "corrections": []}
        since = self.published.wording_since
        return self._kept() | {"wording_since": since and min(since, live_at)}

    def correct(self, reason: str, live_at: datetime) -> dict[str, Any]:
        """Return the wording fields of a draft that goes live at this time as a correction, under the same number."""
        if self.published is None or self.old is None or not self.is_change:
            return self.renumber(live_at)
        changes = [change.in_context() for change in self.old.changes_to(self.new)]
        made = {"on": timezone.localdate(live_at).isoformat(), "reason": reason.strip(), "changes": changes}
        return self._kept() | {"corrections": [*self.published.corrections, made]}

    def _kept(self) -> dict[str, Any]:
        return {name: getattr(self.published, name) for name in ("wording", "wording_since", "corrections")}

    def _first_words(self) -> Any:
        """Return this wording's words before any correction, so that many small corrections can't replace them."""
        published: Any = self.published
        first = published.numbered_versions().filter(of_wording=published.wording, live_at__isnull=False)
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
