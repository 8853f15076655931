"""Queries for communities."""

from datetime import date, datetime, time
from typing import Self

from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils import timezone

from campaign.confirming.attempts import AttemptsQuerySet
from campaign.confirming.models import ConfirmedByMailQuerySet
from campaign.public_names.models import NAMES_HIDDEN

LISTED = Q(visibility="listed")


class CommunityQuerySet(AttemptsQuerySet, ConfirmedByMailQuerySet):
    """Queries for communities."""

    def by_manage_token(self, token: str) -> Self:
        """Return the confirmed community whose manage link contains this token, unless it has left."""
        return super().by_manage_token(token).filter(left_at=None)

    def taking_part(self) -> Self:
        """Return those that organisers have approved and that haven't left."""
        return self.filter(approved_at__isnull=False, left_at=None)

    def waiting(self) -> Self:
        """Return confirmed communities that are new, or have a name to be approved."""
        unnamed = LISTED & Q(public_name="", name_hidden=False)
        return self.filter(Q(approved_at=None) | unnamed, confirmed_at__isnull=False, left_at=None)

    def listed(self) -> Self:
        """Return those that the public list names, in alphabetical order; none while names are hidden."""
        named = self.taking_part().filter(LISTED, ~NAMES_HIDDEN, name_hidden=False).exclude(public_name="")
        return named.order_by(Lower("public_name"), "pk")

    def counted(self, now: datetime) -> Self:
        """Return those in the published numbers: those that took part when the day of `now` (aware) began.

        The numbers stay the same all day, so they don't reveal when a community joined or left.
        """
        midnight = start_of_day(timezone.localdate(now))
        return self.filter(approved_at__lt=midnight).filter(Q(left_at=None) | Q(left_at__gte=midnight))

    def by_region(self, now: datetime) -> dict[str, int]:
        """Return how many are counted at `now` (aware), by region."""
        return dict(self.counted(now).order_by().values_list("region").annotate(count=Count("*")))

    def unchanged_since(self, field: str, at: datetime) -> Self:
        """Return those that still have in them what was erased at `at` (aware): `field` names the time of a change."""
        before = Q(**{field: None}, asked_at__lte=at) | Q(**{f"{field}__lte": at})
        return self.filter(before, left_at=None)

    def inactive(self, before: datetime) -> Self:
        """Return those whose contacts have done nothing since `before` (aware), the longest inactive first."""
        return self.filter(left_at=None, active_at__lt=before).order_by("active_at")


def start_of_day(day: date) -> datetime:
    """Return the midnight with which a day begins (aware)."""
    return timezone.make_aware(datetime.combine(day, time.min))
