"""What the role that the site runs as may do, where another role owns the tables (docs/adr/0024-releases-and-roles.md).

Triggers protect append-only tables from everybody, but the owner of a table can switch its triggers off. So the site
runs as a role that owns nothing: it reads and writes rows, and can't change the database in any other way.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from campaign.append_only.chain import CHAINS
from campaign.append_only.sealed import Sealed

READ = "SELECT"
ADD = "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE, DELETE"
SEQUENCES = "SELECT, USAGE"
MIGRATIONS = "django_migrations"
# Tables with a statement trigger that refuses UPDATE and fires even while replicas are filled: the bits of `tgtype` are
# 1 for a row trigger and 16 for UPDATE (PostgreSQL, src/include/catalog/pg_trigger.h).
REFUSE_UPDATE = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace AND t.tgenabled = 'A' AND t.tgtype & 1 = 0 AND t.tgtype & 16 <> 0
"""


def statements(role: str) -> list[str]:
    """Return the SQL after which `role` has exactly the rights that the site needs. The tables' owner runs it."""
    to = connection.ops.quote_name(role)
    return [
        f"GRANT USAGE ON SCHEMA public TO {to}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {to}",
        f"GRANT {WRITE} ON ALL TABLES IN SCHEMA public TO {to}",
        f"GRANT {SEQUENCES} ON ALL SEQUENCES IN SCHEMA public TO {to}",
        # For tables that a later migration creates, until this runs again.
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {WRITE} ON TABLES TO {to}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {SEQUENCES} ON SEQUENCES TO {to}",
        *(f"REVOKE ALL ON {name} FROM {to}; GRANT {rights} ON {name} TO {to}" for name, rights in _narrower()),
    ]


def _narrower() -> Iterator[tuple[str, str]]:
    """Yield the quoted name of each table that the site may not simply write to, and its rights on that table."""
    yield _quoted(MIGRATIONS), READ
    for table in _tables(REFUSE_UPDATE):
        yield _quoted(table), ADD
    for chain in CHAINS:
        yield _quoted(chain.rows._meta.db_table), f"{ADD}, DELETE, UPDATE ({_redacted(chain.rows)})"


def _tables(query: str) -> list[str]:
    """Return the names of tables that a query selects, in order."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted({name for (name,) in cursor.fetchall()})


def _redacted(model: type[Sealed]) -> str:
    """Return the columns that a redaction changes."""
    fields: Any = [model._meta.get_field(name) for name in model.changed_by_redaction()]
    return ", ".join(_quoted(field.column) for field in fields)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
