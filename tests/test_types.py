"""mypy sees a misspelt field, method and property of our models."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Where it is planted, what it replaces, the typo, and the model that has no such attribute.
TYPOS = [
    ("pledges/emails.py", "signature.email,", "signature.emial,", '"Signature" has no attribute "emial"'),
    (
        "pledges/models/signatures/signature.py",
        "pledge.touch_published_count()",
        "pledge.touch_tallies()",
        '"Pledge" has no attribute "touch_tallies"',
    ),
    (
        "actions/fundraising/models/donations.py",
        "self.total_pence",
        "self.totl_pence",
        '"Donation" has no attribute "totl_pence"',
    ),
]


def test_mypy_sees_typos(tmp_path):
    command = [sys.executable, "-m", "mypy", *(path for path, *_rest in TYPOS)]
    for number, (path, right, typo, _complaint) in enumerate(TYPOS):
        planted = tmp_path / f"{number}.py"
        text = (ROOT / path).read_text()
        assert right in text
        planted.write_text(text.replace(right, typo, 1))
        command += ["--shadow-file", path, str(planted)]

    ran = subprocess.run(  # noqa: S603 - our own
        command, cwd=ROOT, env=os.environ | {"DEBUG": "1"}, capture_output=True, text=True, check=False
    )
    found = ran.stdout.splitlines()
    for path, _right, _typo, complaint in TYPOS:
        assert any(row.startswith(path) and complaint in row for row in found), ran.stdout + ran.stderr
