"""The number of signatures that each tag has brought, for the organisers' list of tags."""

from collections.abc import Collection

from django.db.models import Sum

from campaign.tags.counts import counts_signatures
from pledges.models import TagCount


@counts_signatures
def counts_by_tag(tags: Collection[int]) -> dict[int, int]:
    """Return the published count of signatures by the key of each tag, for all pledges together."""
    counts = TagCount.objects.filter(tag__in=tags).order_by().values_list("tag")
    return dict(counts.annotate(total=Sum("count")))
