"""What has happened between the campaign and a brand, as the brand's page shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from actions.businesses.models import Brand, Entry, Kind, Status
from actions.businesses.tracker.days import Seen
from actions.businesses.tracker.listing import Listed

ENTRIES_A_PAGE = 50
MAX_PAGE = 1000
MAX_REPLIES = 5  # beside one claim
MAX_READ = 500  # replies


@dataclass
class Timeline:
    """A page of a brand's entries, newest first, and the brand's status.

    Each claim has `replies`, which the page shows beside it: those that the company has made since, oldest first. It
    also has `reply_waits`: whether a reply has arrived that visitors can't see yet (False on the page of a past day).
    """

    status: Status
    entries: list[Any]
    number: int
    has_more: bool
    replies: list[Any]  # to the claim, if any, that the status makes
    reply_waits: bool  # whether a reply to that claim has arrived that visitors can't see yet

    @classmethod
    def of(cls, brand: Brand, seen: Seen, page: str) -> "Timeline":
        """Return a page of a brand's timeline, as a visitor sees it. `page` comes from the address."""
        deciding: Any = brand.entries.deciding(seen.moment).first()
        asked = None if deciding else brand.entries.last_asked(seen.moment).first()
        status = Status.of(deciding, asked, seen.moment)
        number = int(page[:4]) if page.isascii() and page.isdigit() and 0 < int(page[:4]) <= MAX_PAGE else 1
        rows = _marked(brand, seen)[(number - 1) * ENTRIES_A_PAGE : number * ENTRIES_A_PAGE + 1]
        entries = list(rows)[:ENTRIES_A_PAGE]
        _mark_corrections(entries)
        claims = [deciding] if status.is_negative else []
        _set_replies([*claims, *(entry for entry in entries if entry.is_claim)], brand, seen)
        replies, reply_waits = (deciding.replies, deciding.reply_waits) if claims else ([], False)
        return cls(status, entries, number, len(rows) > len(entries), replies, reply_waits)

    @property
    def older(self) -> int | None:
        """Return the number of the next page, whose entries are older, or None."""
        return self.number + 1 if self.has_more else None

    @property
    def newer(self) -> int | None:
        """Return the number of the previous page, or None."""
        return self.number - 1 if self.number > 1 else None


def _marked(brand: Brand, seen: Seen) -> Any:
    """Return the entries that were public, with their corrections and whether organisers have hidden them.

    They show the corrections and the hiding as of `seen.now`, even on a past day's page. The reason for a retraction
    appears once another organiser has checked it, like everything else that we say.
    """
    first = Entry.objects.corrections(seen.now)
    checked = Entry.objects.checked_retractions(seen.now)
    shown: Any = brand.timeline(seen.moment)
    return shown.annotate(
        **{"corrected_at": Subquery(first.values("recorded_at")[:1])},
        **{"correction_id": Subquery(first.values("pk")[:1])},
        correction_kind=Subquery(first.values("kind")[:1]),
        correction_note=Subquery(checked.values("note")[:1]),
        is_hidden_now=Entry.objects.is_hidden(seen.now),
    )


def _mark_corrections(entries: list[Any]) -> None:
    """Set whether each entry's correction is on the same page, so that the entry can link to it."""
    keys = {entry.pk for entry in entries}
    for entry in entries:
        entry.correction_is_shown = entry.correction_id in keys


def _set_replies(claims: Iterable[Any], brand: Brand, seen: Seen) -> None:
    """Set `replies` and `reply_waits` of each claim, in at most two queries, or none if there are no claims."""
    claims = list(claims)
    if not claims:
        return
    found: Any = brand.entries.public(seen.moment).filter(kind=Kind.REPLY).select_related("document")
    replies = list(found.order_by("happened_on", "recorded_at", "pk")[:MAX_READ])
    waiting: Any = [] if seen.day else brand.entries.replies_waiting(seen.moment)[:MAX_READ]
    since = Entry.objects.first_recorded(claims)
    for claim in claims:
        claim.replies = [one for one in replies if one.recorded_at >= since[claim.pk]][:MAX_REPLIES]
        claim.reply_waits = any(one.recorded_at >= since[claim.pk] for one in waiting)


def has_replied(brand: Brand, status: Status, seen: Seen) -> bool:
    """Return whether the company has replied to the claim that its status makes."""
    claim = brand.entries.filter(pk=status.entry).first() if status.is_negative and status.entry else None
    return claim is not None and brand.entries.replies_to(claim, seen.moment).exists()


def with_notes(rows: Sequence[Listed], seen: Seen) -> list[tuple[Listed, Any]]:
    """Return each row with the entry that decides its status, or None, in at most two queries.

    The entry has `replied` (whether the company has replied to it since), `corrected_at` and `is_hidden_now`.
    """
    replies = Entry.objects.public(seen.moment).filter(kind=Kind.REPLY, brand=OuterRef("brand"))
    entries: Any = Entry.objects.filter(pk__in=[row.status.entry for row in rows if row.status.entry]).annotate(
        last_reply=Subquery(replies.order_by("-recorded_at").values("recorded_at")[:1]),
        **{"corrected_at": Subquery(Entry.objects.corrections(seen.now).values("recorded_at")[:1])},
        is_hidden_now=Entry.objects.is_hidden(seen.now),
    )
    found: dict[Any, Any] = {entry.pk: entry for entry in entries}
    since = Entry.objects.first_recorded(found.values())
    for key, entry in found.items():
        entry.replied = entry.last_reply is not None and entry.last_reply >= since[key]
    return [(row, found.get(row.status.entry)) for row in rows]
