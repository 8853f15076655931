"""Telling a database that is away from one that refuses what it was asked."""

from django.db import InterfaceError, InternalError, OperationalError
from psycopg2.errors import ReadOnlySqlTransaction


def is_away(error: BaseException | None) -> bool:
    """Return whether it says that the database can't be reached or, as after a failover, can't be written to."""
    is_read_only = isinstance(error, InternalError) and isinstance(error.__cause__, ReadOnlySqlTransaction)
    return is_read_only or isinstance(error, OperationalError | InterfaceError)
