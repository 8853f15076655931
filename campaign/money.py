"""Amounts of money in words: whole pence as pounds."""


def pounds(pence: int) -> str:
    """Return "£1,012.50" for 101250 whole pence. Raises ValueError below zero."""
    whole, rest = _split(pence)
    return f"£{whole:,}.{rest:02}"


def short_pounds(pence: int) -> str:
    """Return "£12" for 1200 whole pence, and "£12.50" for 1250. Raises ValueError below zero."""
    return pounds(pence).removesuffix(".00")


def decimal_pounds(pence: int) -> str:
    """Return "1012.50" for 101250 whole pence, as spreadsheets read it. Raises ValueError below zero."""
    whole, rest = _split(pence)
    return f"{whole}.{rest:02}"


def _split(pence: int) -> tuple[int, int]:
    """Return whole pounds and the pence left over. Raises ValueError below zero."""
    if pence < 0:
        raise ValueError(f"{pence} pence can't be shown as an amount")
    return divmod(pence, 100)
