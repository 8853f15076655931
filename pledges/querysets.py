"""Questions we ask of pledges and signatures."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, Subquery
from django.db.models.functions import Coalesce

from campaign.pages.models import SiteSettings
from campaign.pages.published import PublishedQuerySet

if TYPE_CHECKING:
    from pledges.models import Signature

LATEST_NAMES = 8
COUNTS = Q(state="confirmed", suspected=False)
LISTED = COUNTS & Q(visibility="public") & (Q(kind="person") | Q(approved=True))
# The tally has not seen it yet: it counts and is not tallied, or the other way round, or has no place
# in the public list though it should.
NOT_FOLDED = (COUNTS & Q(tallied=False)) | (~COUNTS & Q(tallied=True)) | (LISTED & Q(public_number=None))


def oldest_confirmable(now: datetime) -> datetime:
    """When the oldest message was sent whose link still works at `now` (aware)."""
    return now - timedelta(days=settings.PLEDGE_CONFIRM_DAYS)


class PledgeQuerySet(PublishedQuerySet):
    """Questions about pledges."""

    def with_count(self) -> Self:
        """Each with `count`, the people counted so far, as of the last step."""
        return self.annotate(count=Coalesce(F("tally__count"), 0))

    def versions(self) -> models.QuerySet[Any, Any]:
        """For each the times at which what its page shows was last changed: words, count and names, site."""
        site = Subquery(SiteSettings.objects.values("updated_at")[:1])
        return self.values_list("pk", "updated_at", "tally__updated_at", site)

    def in_front(self) -> Any:
        """The pledge for the home page: the first in the organisers' order, with its count."""
        return self.published().with_count().prefetch_related("demands").first()


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Questions about signatures."""

    def listed(self) -> Self:
        """Those in the public list, newest first; numbers follow the order in which they were listed."""
        return self.filter(LISTED, public_number__isnull=False).order_by("-public_number")

    def latest_names(self) -> models.QuerySet["Signature", str]:
        """The newest few names in the public list."""
        return self.listed().values_list("public_name", flat=True)[:LATEST_NAMES]

    def not_folded(self) -> Self:
        """Those whose change the tally has not seen yet."""
        return self.filter(NOT_FOLDED)

    def confirmable(self, now: datetime) -> Self:
        """Those that wait, and whose message is not too old at `now` (aware)."""
        return self.filter(state="pending", asked_at__gte=oldest_confirmable(now))

    @transaction.atomic
    def confirm(self, now: datetime) -> "Signature | None":
        """Confirm the one that is left, if any, and return it. Two at a time confirm once."""
        signature = self.select_for_update(of=("self",)).select_related("pledge").first()
        if signature:
            signature.become_confirmed(now)
        return signature

    def stale(self, now: datetime) -> Self:
        """Never confirmed, and asked for too long ago to be confirmed at `now` (aware)."""
        return self.filter(state="pending", asked_at__lt=oldest_confirmable(now))
