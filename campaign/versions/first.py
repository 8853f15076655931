"""The first versions, which migrations make from what visitors could already see."""

from functools import partial
from typing import Any

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from campaign.versions.freezing import Shape, freeze


def first_versions(label: str, shape: Shape, seen: Q | None = None) -> migrations.RunPython:
    """Return an operation that publishes the rows of a model, such as "pages.page", that visitors can already see."""
    publish = partial(_publish, label=label, shape=shape, seen=seen or Q())
    return migrations.RunPython(publish, partial(_unpublish, label=label))


def _publish(apps: Any, schema_editor: Any, *, label: str, shape: Shape, seen: Q) -> None:
    version, model = apps.get_model("versions", "Version"), apps.get_model(label)
    known = version.objects.filter(model=label).values("object_id")
    rows = model.objects.exclude(pk__in=known)
    rows.update(draft_changed_at=F("updated_at"), facts_changed_at=F("updated_at"))
    for row in rows.filter(seen).iterator(chunk_size=200):
        version.objects.create(
            model=label,
            object_id=row.pk,
            number=1,
            title=getattr(row, "title", "") or row.name,
            content=freeze(row, shape),
            live_at=row.updated_at,
        )


def _unpublish(apps: Any, schema_editor: Any, *, label: str) -> None:
    """Hide the objects that visitors can't see now. Undoing versions would otherwise make them visible."""
    version, model = apps.get_model("versions", "Version"), apps.get_model(label)
    if hasattr(model, "published"):
        now = timezone.now()
        begun = version.objects.filter(model=label, object_id=OuterRef("pk"), live_at__lte=now, cancellation=None)
        newest = Subquery(begun.order_by("-live_at", "-number").values("expires_at")[:1])
        seen = model.objects.filter(Exists(begun)).annotate(expires_at=newest)
        seen = seen.filter(Q(expires_at=None) | Q(expires_at__gt=now))
        model.objects.exclude(pk__in=seen.values("pk")).update(published=False)
