"""The live version of each row of a query, as expressions.

They find the same version as `VersionQuerySet.live`. That would need a subquery in a subquery, and Django takes longer
to compile those than PostgreSQL takes to run them.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import BooleanField, F, Func, JSONField, Value

# The columns of a version that are needed to show it.
READ = ("pk", "number", "content", "schema", "live_at", "expires_at")
FROM_LIVE = """
    FROM (
        SELECT version.*, now FROM (SELECT %(expressions)s) AS wanted (model, object_id, now)
        JOIN versions_version AS version USING (model, object_id)
        LEFT JOIN versions_cancellation AS cancellation ON version_id = version.id
        WHERE live_at <= now AND cancellation.id IS NULL
        ORDER BY live_at DESC, number DESC LIMIT 1
    ) AS newest WHERE expires_at IS NULL OR expires_at > now"""


class _Live(Func):
    """What `template` selects from a row's live version at `now` (aware)."""

    def __init__(self, model: type[models.Model], now: datetime, **extra: Any) -> None:
        super().__init__(Value(model._meta.label_lower), F("pk"), Value(now), **extra)


class IsLive(_Live):
    """Whether visitors see a version of the row."""

    output_field = BooleanField()
    template = f"EXISTS (SELECT {FROM_LIVE})"


class LiveVersion(_Live):
    """The version of the row that visitors see, as JSON with the columns in `READ`, or NULL."""

    output_field = JSONField()
    template = f"""(
        SELECT jsonb_build_object('pk', id, 'number', number, 'content', content, 'schema', schema, 'live_at', live_at,
            'expires_at', expires_at) {FROM_LIVE})"""
