"""Reading layouts from HexJSON files."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from campaign.places.hexes.layout import LAYOUTS
from campaign.places.tables import RefusedError

MAX_BYTES = 2_000_000
MAX_SIDE = 100  # with more columns or rows than this, the map would be too small to read
MAX_NUMBER = 1_000_000
MAX_NAMED = 5


def read(path: Path, codes: Collection[str]) -> dict[str, Any]:
    """Return the layout in a HexJSON file, reduced to the positions.

    Raises RefusedError, with the reason, unless the file has exactly the constituencies with these `codes`, each with
    a cell of its own.
    """
    data = _object(path)
    if data.get("layout") not in LAYOUTS:
        raise RefusedError(f"“layout” must be one of {', '.join(LAYOUTS)}.")
    found = data.get("hexes")
    if not isinstance(found, dict):
        raise RefusedError("The object “hexes”, with a hexagon for each code, is missing.")
    _refuse_if_any("These codes are not constituencies of this site", found.keys() - set(codes))
    _refuse_if_any("These constituencies are missing", set(codes) - found.keys())
    hexes = {code: {axis: _whole_number(code, hexagon, axis) for axis in "qr"} for code, hexagon in found.items()}
    _check_cells(hexes)
    return {"layout": data["layout"], "hexes": hexes}


def _object(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_BYTES:
        raise RefusedError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.")
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_unrepeated)
    except (ValueError, OSError, RecursionError) as error:
        raise RefusedError(f"{path.name} is not HexJSON: {error}") from error
    if not isinstance(data, dict):
        raise RefusedError(f"{path.name} is not HexJSON: it contains no object.")
    return data


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a dictionary of the pairs. Raises RefusedError if a key is repeated, which JSON would allow."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise RefusedError(f"“{twice[:40]}” appears twice in one object.")
    return found


def _refuse_if_any(reason: str, codes: Collection[str]) -> None:
    if codes:
        named = ", ".join(code[:40] for code in sorted(codes)[:MAX_NAMED])
        rest = f" and {len(codes) - MAX_NAMED} more" if len(codes) > MAX_NAMED else ""
        raise RefusedError(f"{reason}: {named}{rest}.")


def _whole_number(code: str, hexagon: Any, axis: str) -> int:
    value = hexagon.get(axis) if isinstance(hexagon, dict) else None
    if type(value) is not int:
        raise RefusedError(f"The hexagon of {code} has no whole number “{axis}”.")
    if abs(value) > MAX_NUMBER:
        raise RefusedError(f"The “{axis}” of {code} is further from 0 than {MAX_NUMBER:,}.")
    return value


def _check_cells(hexes: dict[str, dict[str, int]]) -> None:
    """Raise RefusedError if two constituencies have the same cell, or if the map would be too large to read."""
    taken: dict[tuple[int, int], str] = {}
    for code, cell in hexes.items():
        other = taken.setdefault((cell["q"], cell["r"]), code)
        if other != code:
            raise RefusedError(f"{other} and {code} have the same cell.")
    for axis, name in (("q", "columns"), ("r", "rows")):
        values = [cell[axis] for cell in hexes.values()]
        if values and max(values) - min(values) >= MAX_SIDE:
            raise RefusedError(f"The map would have more than {MAX_SIDE} {name}.")
