"""The contents of the database as text."""

from io import StringIO

from django.db import connection


def contents(cursor=None):
    """Return every row of every table, as `COPY` writes it: a dictionary of table names to sorted lines."""
    if cursor is None:
        with connection.cursor() as cursor:
            return contents(cursor)
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
    return {table: sorted(_copy(cursor, table)) for (table,) in cursor.fetchall()}


def _copy(cursor, table):
    text = StringIO()
    cursor.copy_expert(f"COPY (SELECT * FROM {table}) TO STDOUT", text)  # noqa: S608 - a table's name
    return text.getvalue().splitlines()


def uses_index(name, plan):
    """Return whether a query plan uses this index or, on a partitioned table, one of its partitions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(%s)", [name])
        names = [name, *(part for (part,) in cursor.fetchall())]
    return any(f" {each} " in plan for each in names)
