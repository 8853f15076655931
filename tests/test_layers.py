"""Which package may import which: the contracts of import-linter in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("campaign", "pledges", "actions")
RUN = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

# Imports that break a contract: the module, the line to add, and the contract.
VIOLATIONS = [
    ("campaign/worker.py", "import pledges.apps", "campaign imports no app"),
    ("campaign/mail/outbox.py", "from actions.letters import apps", "campaign imports no app"),
    ("pledges/emails.py", "from actions.letters.models import Letter", "pledges and actions do not import one another"),
    ("actions/letters/views.py", "from pledges.models import Pledge", "pledges and actions do not import one another"),
    ("actions/protests/views.py", "import actions.letters.models", "actions do not import one another"),
    ("actions/fundraising/emails.py", "import stripe", "only fundraising's client imports stripe"),
    ("pledges/models/signatures/states.py", "import pledges.models.signatures.signature", "no import circles"),
    ("pledges/models/pledge.py", "import pledges.views.sign", "no import circles"),
]


def lint(folder):
    """Return the finished process that checks the packages in this folder."""
    command = [sys.executable, "-c", RUN]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own


def test_imports_follow_the_contracts():
    ran = lint(ROOT)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(("path", "line", "contract"), VIOLATIONS)
def test_a_planted_violation_is_reported(tmp_path, path, line, contract):
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("*.pyc", "content", "fonts"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / path).open("a") as module:
        module.write(f"\n{line}\n")

    ran = lint(tmp_path)
    assert ran.returncode == 1
    broken = [row for row in ran.stdout.splitlines() if row.endswith("BROKEN") or " BROKEN " in row]
    assert any(row.startswith(contract) for row in broken), ran.stdout
