"""Who may import whom: see "Layout" in the README."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ACTIONS = ("letters", "protests", "fundraising", "businesses")
SEES_ALL = {Path("campaign/urls.py"), Path("campaign/views.py")}


def imports(path):
    """The dotted names that a module imports, wherever in it they stand."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden(path):
    """The prefixes of what a module of the project may not import."""
    top = path.parts[0]
    if top == "campaign":
        return () if path in SEES_ALL else ("pledges", "actions")
    if top == "pledges":
        return ("actions",)
    return ("pledges", *(f"actions.{name}" for name in ACTIONS if name != path.parts[1]))


MODULES = [
    path.relative_to(ROOT) for top in ("campaign", "pledges", "actions") for path in sorted((ROOT / top).rglob("*.py"))
]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_arrows_point_one_way(path):
    for name in imports(ROOT / path):
        for prefix in forbidden(path):
            assert name != prefix, f"{path} imports {name}"
            assert not name.startswith(f"{prefix}."), f"{path} imports {name}"
        if name == "stripe" or name.startswith("stripe."):
            assert path == Path("actions/fundraising/stripe/client.py")
