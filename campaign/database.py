"""Telling a database that is unavailable from one that rejects a query."""

from django.db import InterfaceError, OperationalError

READ_ONLY = "25006"  # read_only_sql_transaction (PostgreSQL, appendix A)


def is_away(error: BaseException | None) -> bool:
    """Return whether the error says that the database can't be reached or, as after a failover, can't be written to."""
    cause = error.__cause__ if error else None
    return isinstance(error, OperationalError | InterfaceError) or getattr(cause, "pgcode", None) == READ_ONLY
