"""The uses of documents as evidence in the ledger."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from actions.businesses.models import Entry
from campaign.media.models import Document
from campaign.media.uses import MAX_SHOWN, Use, finds_uses


@finds_uses
def uses_as_evidence(file: Any) -> Iterator[Use]:
    """Yield each ledger entry whose evidence is this document, in one query."""
    if isinstance(file, Document):
        for entry in Entry.objects.filter(document=file).select_related("brand")[:MAX_SHOWN]:
            url = reverse("admin:businesses_entry_change", args=[entry.pk])
            yield Use(_("Evidence about %(brand)s") % {"brand": entry.brand.title}, url)
