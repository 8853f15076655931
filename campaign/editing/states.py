"""The state of a draft, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.versions.models import Version
from campaign.versions.versioned import Versioned


@dataclass(frozen=True)
class State:
    """An object's live version, if it has one, its scheduled versions, and whether the draft has changed."""

    row: Versioned
    live: Version | None
    scheduled: list[Version]
    has_changes: bool

    @property
    def in_words(self) -> list[str]:
        """Return the state in sentences."""
        texts = [self._now()]
        texts += [_("Version %(number)s goes live on %(when)s.") % _named(one, one.live_at) for one in self.scheduled]
        if self.live and self.live.expires_at:
            texts.append(_("Version %(number)s disappears on %(when)s.") % _named(self.live, self.live.expires_at))
        if self.live and self.has_changes:
            texts.append(_("The draft has changes that visitors don’t see yet."))
        return texts

    def _now(self) -> str:
        if self.live is None:
            return _("Draft: visitors don’t see it.")
        if not getattr(self.row, "published", True):
            return _("Switched off: visitors don’t see it.")
        return _("Visitors see version %(number)s, of %(when)s.") % _named(self.live, self.live.live_at)


def in_one_word(row: Versioned) -> str:
    """Return the state in a word or two, for a list. Load the draft with `with_state`."""
    if not row.is_live:
        return _("planned") if row.goes_live_at else _("draft")
    if not getattr(row, "published", True):
        return _("switched off")
    if row.newest_made_at and row.draft_changed_at > row.newest_made_at:
        return _("published, with changes")
    return _("published")


def state_of(row: Versioned) -> State:
    """Return the state of a saved object, in two queries."""
    now = timezone.now()
    versions = Version.objects.of(type(row), row.pk)
    newest = versions.exclude(live_at=None).filter(cancellation=None).order_by("-number").first()
    return State(
        row,
        versions.live(type(row), row.pk, now).first(),
        list(versions.scheduled(now)[:10]),
        newest is None or row.draft_changed_at > newest.made_at,
    )


def _named(version: Version, moment: datetime | None) -> dict[str, Any]:
    when = date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""
    return {"number": version.number, "when": when}
