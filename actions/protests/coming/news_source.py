"""People who are coming to a protest, as recipients of mailings about that protest only.

They get a message only if they ticked the box for it. Nothing here compares their addresses with other people's.
"""

from collections.abc import Collection, Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from actions.protests.models import Attendee, Protest
from actions.protests.models.attendee import AttendeeQuerySet
from campaign.mailings.model_source import ModelSource, number_in
from campaign.mailings.sources import SOURCES

MAX_LISTED = 100


class ComingSource(ModelSource):
    """People who are coming to a future date of a protest. They aren't in the audience "everybody"."""

    name: ClassVar[str] = "protests.coming"
    for_everybody: ClassVar[bool] = False
    has_places: ClassVar[bool] = False
    why: ClassVar[Any] = gettext_lazy(
        "You are receiving this message because you told us that you are coming, and said that we may write to you "
        "about it."
    )
    model: ClassVar[Any] = Attendee

    def audiences(self) -> list[tuple[str, Any]]:
        """Return an audience for each of the 100 newest protests that accept attendees."""
        protests = Protest.objects.filter(takes_names=True).order_by("-pk").values_list("pk", "title")[:MAX_LISTED]
        label = gettext("People coming to “%(title)s”, about that protest only")
        return [(f"{self.name}:{key}", label % {"title": title}) for key, title in protests]

    def wanted(self) -> AttendeeQuerySet:
        return Attendee.objects.confirmed().filter(wants_news=True, ends_at__gt=timezone.now())

    def parts(self, key: str, codes: Collection[str] | None) -> Iterator[AttendeeQuerySet]:
        """Yield the attendees of one protest, or nothing if `key` has no number or the mailing is for a place."""
        number = number_in(key)
        if number and codes is None:
            yield self.wanted().filter(protest=number)

    def unsubscribe(self, address: str) -> bool:
        """Stop messages about every protest to a normalised address. Return whether anything changed."""
        return bool(Attendee.objects.from_address(address).filter(wants_news=True).update(wants_news=False))

    def unsubscribe_row(self, row: UUID) -> bool:
        """Stop messages about this attendee's protest, for all its dates. Reminders still go out."""
        found = Attendee.objects.filter(pk=row).first()
        if found is None or not found.email:
            return False
        same = Attendee.objects.filter(protest=found.protest_id).from_address(found.email)
        return bool(same.filter(wants_news=True).update(wants_news=False))


SOURCES[ComingSource.name] = ComingSource()
