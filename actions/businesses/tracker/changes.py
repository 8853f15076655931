"""Changes to the tracker, newest first, as an Atom feed (RFC 4287)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Min, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from actions.businesses.models import Code, Entry, Kind
from actions.businesses.models.kinds import CLAIMS
from actions.businesses.tracker.days import Seen, end_of, midnight_after
from actions.businesses.tracker.listing import Listed
from actions.businesses.tracker.snapshots import LICENCE, LICENCE_URL
from campaign.documents.characters import printable
from campaign.documents.feeds import AtomFeed
from campaign.pages.models import SiteSettings

NEWEST = 50
MAX_STEPS = 400  # each change takes a few steps, such as a notice, a check and a publication
IDS = UUID("5f0c4c0e-6f0e-4b0a-9a53-5d4a35a3d5a1")  # our own namespace, which never changes


@dataclass(frozen=True)
class Change:
    """One change: an entry that has become public, with any later correction, or a deadline that has passed.

    `key` never changes, whatever happens to the brand's address or to the site's.
    """

    key: str
    title: str
    text: str
    url: str
    published_at: datetime
    updated_at: datetime


def feed(rows: list[Listed], seen: Seen) -> str:
    """Return the feed with the newest changes as XML. `rows` is the current tracker."""
    site = SiteSettings.current()
    home = settings.SITE_URL + reverse("businesses:index")
    answer = AtomFeed(
        title=printable(_("%(site)s: how brands have answered") % {"site": site.name}),
        link=home,
        description=_("Every answer once it is public, and every correction"),
        author_name=printable(site.name),
        feed_url=settings.SITE_URL + reverse("businesses:changes"),
        feed_copyright=f"{LICENCE} {LICENCE_URL}",
        language=site.language,
    )
    for change in newest(rows, seen):
        answer.add_item(
            title=printable(change.title),
            link=change.url,
            description=printable(change.text),
            unique_id=uuid5(IDS, change.key).urn,
            pubdate=change.published_at,
            updateddate=change.updated_at,
        )
    return answer.writeString("utf-8")


def newest(rows: list[Listed], seen: Seen) -> list[Change]:
    """Return the newest changes, newest first."""
    found = [*_entries(rows, seen), *_passed(rows, seen)]
    return sorted(found, key=lambda change: (change.updated_at, change.key), reverse=True)[:NEWEST]


def _entries(rows: list[Listed], seen: Seen) -> Iterator[Change]:
    """Yield a change for each public entry that the newest steps of the ledger are about."""
    names = {row.slug: row.name for row in rows}
    steps = Entry.objects.recorded_by(seen.now).exclude(kind=Kind.LISTING).order_by("-recorded_at", "-pk")
    touched = steps.values_list("pk", "about", "corrects", "about__corrects")[:MAX_STEPS]
    redacted = Entry.objects.filter(redacted_at__lte=seen.now).order_by("-redacted_at").values_list("pk", flat=True)
    keys = {key for step in touched for key in step if key} | set(redacted[:NEWEST])
    shown = Entry.objects.filter(pk__in=keys).timeline(seen.now).select_related("brand").annotate(**_dates(seen))
    for entry in shown:
        if entry.brand.slug in names:
            yield _change(entry, names[entry.brand.slug])


def _dates(seen: Seen) -> dict[str, Any]:
    """Return when the first check and the first publication of an entry were recorded."""

    def first(kind: Kind) -> Subquery:
        return Subquery(Entry.objects.steps(kind, seen.now).order_by("recorded_at").values("recorded_at")[:1])

    return {"first_checked": first(Kind.CHECK), "first_published": first(Kind.PUBLICATION)}


def _change(entry: Any, name: str) -> Change:
    published_at = entry.first_published if entry.kind in CLAIMS else entry.first_checked
    title = f"{name}: {entry.in_words}"
    text = entry.note or entry.quotation
    if entry.corrected_at:
        title, text = _("Corrected: %(title)s") % {"title": title}, ""
    if entry.redacted_at:
        text = entry.redaction_reason
    changed = [published_at, entry.corrected_at, entry.redacted_at]
    url = f"{settings.SITE_URL}{entry.brand.get_absolute_url()}#entry-{entry.pk}"
    return Change(bytes(entry.digest).hex(), title, text, url, published_at, max(filter(None, changed)))


def _passed(rows: list[Listed], seen: Seen) -> Iterator[Change]:
    """Yield a change for each deadline that has passed. The ledger doesn't record that as a step."""
    passed: dict[Any, Listed] = {row.status.entry: row for row in rows if row.status.code == Code.PASSED}
    ended = (
        Entry.objects.delivered_notices(seen.now).order_by().values("about").annotate(day=Min("until")).values("day")
    )
    for entry in Entry.objects.filter(pk__in=passed).annotate(reply_until=Subquery(ended)):
        row = passed[entry.pk]
        at = midnight_after(end_of(max(row.status.deadline or entry.reply_until, entry.reply_until)))
        url = settings.SITE_URL + row.url
        title = f"{row.name}: {row.status.label}"
        yield Change(f"{bytes(entry.digest).hex()}/deadline", title, row.status.sentence, url, at, at)
