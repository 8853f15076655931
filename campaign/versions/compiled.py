"""Queries that Django compiles to SQL only once. For a large query, compiling takes longer than running it."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connections, models, router
from django.utils import timezone

TEXT = "\0text"  # a placeholder: PostgreSQL can't store a text with a null character


class CompiledQuery:
    """A query that is compiled once, then run with a different text and the current time each time.

    `build` takes the text and returns the query, made with `values_list`. Wherever it calls `timezone.now()`, each run
    uses the time of that run.
    """

    def __init__(self, build: Callable[[str], models.QuerySet[Any, Any]]) -> None:
        self._build = build

    def first(self, text: str) -> tuple[Any, ...] | None:
        """Return the first row for this text, with values as psycopg2 returns them, or None."""
        model, sql, parameters = self._compiled
        now = timezone.now()
        filled = [now if isinstance(each, datetime) else text if each == TEXT else each for each in parameters]
        with connections[router.db_for_read(model)].cursor() as cursor:
            cursor.execute(sql, filled)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    @cached_property
    def _compiled(self) -> tuple[type[models.Model], str, tuple[Any, ...]]:
        """Return the query's model, SQL and parameters. Raises ValueError if it contains another time than now."""
        began = timezone.now()
        query = self._build(TEXT)[:1]
        # For the server that is read: Django asks it for its version, and the primary may be down.
        sql, parameters = query.query.get_compiler(query.db).as_sql()
        times = [each for each in parameters if isinstance(each, datetime)]
        if not all(began <= each <= timezone.now() for each in times):
            raise ValueError("The query contains a time other than the present.")
        return query.model, sql, parameters
