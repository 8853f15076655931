"""Emptying the database after a test that commits, in a fraction of the time that Django's `flush` needs.

Flush empties every table, whether or not it has rows, and then creates the content types, permissions and roles again.
Here, only tables with rows are emptied, and those that flush fills again are left alone unless they have changed.
"""

from django.core.management import call_command
from django.db import connection, transaction

FEW_BYTES = 64 * 1024
# Tables to truncate: those whose triggers always fire and refuse a DELETE, and large ones, which would otherwise grow.
TO_TRUNCATE = """
    SELECT name FROM unnest(%s) name WHERE pg_relation_size(name::regclass) > %s
    OR EXISTS (SELECT FROM pg_trigger WHERE tgrelid = name::regclass AND tgenabled = 'A')"""


class Emptying:
    """Empties the database. `refilled` maps each table that flush fills again to its digest."""

    refilled = None

    def __call__(self):
        """Leave the database in the state in which flush would leave it."""
        if self.refilled is None or digests(self.refilled) != self.refilled:
            call_command("flush", verbosity=0, interactive=False)
            self.refilled = digests(filled())
        elif names := [name for name in filled() if name not in self.refilled]:
            empty(names)


def digests(names):
    """Return a digest of each table's rows, by its name."""
    return evaluate_for_each(names, "(SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {} t)")


def filled():
    """Return the names, quoted, of the tables that have rows."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    found = evaluate_for_each([connection.ops.quote_name(name) for name in names], "EXISTS (SELECT FROM {})")
    return [name for name, has_rows in found.items() if has_rows]


def evaluate_for_each(names, expression):
    """Return the value of an SQL expression for each table, by its name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(expression.format(name) for name in names))
        return dict(zip(names, cursor.fetchone(), strict=True))


def empty(names):
    """Delete all rows of the tables. Truncating every one would be slow, because it makes new files."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign keys, and no other triggers
        cursor.execute(TO_TRUNCATE, [names, FEW_BYTES])
        truncated = [name for (name,) in cursor.fetchall()]
        for name in set(names) - set(truncated):
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - a table's name
        if truncated:
            cursor.execute(f"TRUNCATE {', '.join(truncated)} CASCADE")
