"""Statements that PostgreSQL analyses and plans once for each connection, not each time: for the busiest paths.

psycopg2 prepares nothing, and planning a long statement takes longer than running it. See docs/adr/0010.
"""

import re
from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

PARAMETER = re.compile(r"%\((\w+)\)s")


class Prepared:
    """A statement with parameters like `%(name)s`, and no other per cent sign, that is run under a name of its own.

    A connection keeps what it has prepared until it is closed, so that a pooler that shares connections between
    transactions must not stand between.
    """

    def __init__(self, name: str, statement: str) -> None:
        self.statement = statement
        parameters = list(dict.fromkeys(PARAMETER.findall(statement)))
        numbered = PARAMETER.sub(lambda found: f"${parameters.index(found[1]) + 1}", statement)
        self._prepare = f"PREPARE {name} AS {numbered}"
        self._execute = f"EXECUTE {name} ({', '.join(f'%({parameter})s' for parameter in parameters)})"
        self._known_to: WeakSet[Any] = WeakSet()

    def run(self, cursor: Any, values: Mapping[str, Any]) -> None:
        """Run it with these values by a cursor of psycopg2, or of Django's connection; there its result is fetched."""
        if cursor.connection not in self._known_to:
            cursor.execute(self._prepare)
            self._known_to.add(cursor.connection)
        cursor.execute(self._execute, values)
