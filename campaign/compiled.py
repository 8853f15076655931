"""Queries whose SQL Django makes only once. For a large query, that takes several times as long as running it."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connections, models, router
from django.utils import timezone

TEXT = "\0text"  # stands for the text to look for: PostgreSQL can store none like it


class CompiledQuery:
    """A query that is run again and again, for another text and at another time.

    `build` returns the query for a text, with `values_list`. Where it asks what time it is, the query is given the time
    at which it runs.
    """

    def __init__(self, build: Callable[[str], models.QuerySet[Any, Any]]) -> None:
        self._build = build

    def first(self, text: str) -> tuple[Any, ...] | None:
        """Return the first row for the text, or None. Its values are as psycopg2 returns them."""
        model, sql, parameters = self._compiled
        now = timezone.now()
        filled = [now if isinstance(each, datetime) else text if each == TEXT else each for each in parameters]
        with connections[router.db_for_read(model)].cursor() as cursor:
            cursor.execute(sql, filled)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    @cached_property
    def _compiled(self) -> tuple[type[models.Model], str, tuple[Any, ...]]:
        """Return the query's model, SQL and parameters. Raises ValueError if it contains any time but the present."""
        began = timezone.now()
        query = self._build(TEXT)[:1]
        sql, parameters = query.query.sql_with_params()
        times = [each for each in parameters if isinstance(each, datetime)]
        if not all(began <= each <= timezone.now() for each in times):
            raise ValueError("The query contains a time other than the present.")
        return query.model, sql, parameters
