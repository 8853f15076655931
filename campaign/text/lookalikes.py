"""Apostrophes and dashes that count as the same in searches: phones type O’Brien where keyboards type O'Brien."""

from typing import Any

from django.db.models import CharField, Lookup, TextField

APOSTROPHES = "’‘‛`´′ʹʻʼʽ׳＇"
DASHES = "‐‑‒–—―−־﹣－"
LOOKALIKES = APOSTROPHES + DASHES
ORDINARY = "'" * len(APOSTROPHES) + "-" * len(DASHES)
TO_ORDINARY = str.maketrans(LOOKALIKES, ORDINARY)


def ordinary(text: str) -> str:
    """Return the text with the apostrophes and dashes of an English keyboard: "O'Brien-Smith"."""
    return text.translate(TO_ORDINARY)


@CharField.register_lookup
@TextField.register_lookup
class Resembles(Lookup):
    """A search for part of a text, ignoring case and kinds of apostrophe and dash: `title__resembles`."""

    lookup_name = "resembles"

    def get_prep_lookup(self) -> str:
        return ordinary(str(self.rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        pattern = f"%{connection.ops.prep_for_like_query(self.rhs)}%"
        condition = f"UPPER(translate({column}::text, %s, %s)) LIKE UPPER(%s)"
        return condition, (*parameters, LOOKALIKES, ORDINARY, pattern)
