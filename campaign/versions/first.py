"""The first versions, which migrations make of what visitors saw before there were any."""

from functools import partial
from typing import Any

from django.db import migrations
from django.db.models import F, Q

from campaign.versions.freezing import Shape, freeze


def first_versions(label: str, shape: Shape, seen: Q | None = None) -> migrations.RunPython:
    """Return an operation that publishes those rows of a model, such as "pages.page", that visitors see already."""
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
    """Hide what has never been published: without versions, visitors would see it."""
    version, model = apps.get_model("versions", "Version"), apps.get_model(label)
    if hasattr(model, "published"):
        seen = version.objects.filter(model=label, live_at__isnull=False).values("object_id")
        model.objects.exclude(pk__in=seen).update(published=False)
