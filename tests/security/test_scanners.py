"""bandit and semgrep, with our own rules in tests/semgrep, find nothing in our code. Run by `make prove`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkouts import HERE
from tests.security.planted import PLANTED
from tests.sizes import FULL

RULES = HERE / "tests" / "semgrep"
CODE = ["campaign", "pledges", "actions"]
BIN = Path(sys.executable).parent
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not FULL, reason="It takes a minute: run `make prove`.")]


def semgrep(folder, *paths):
    """Return what our rules find below `folder`, as pairs of rule and file. Use no network and no registry."""
    command = [BIN / "semgrep", "scan", "--config", RULES, "--json", "--metrics=off", "--disable-version-check"]
    command += ["--no-git-ignore", "--max-target-bytes=0", "--jobs=1", "--quiet", *paths]
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "SEMGREP_SEND_METRICS": "off"}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.returncode in (0, 1), ran.stderr
    report = json.loads(ran.stdout)
    assert report["errors"] == []
    found = report["results"]
    return [(one["check_id"].rpartition(".")[2], f"{one['path']}:{one['start']['line']}") for one in found]


def plant(folder, at):
    """Write each rule's faulty (1) or faultless (2) example into a folder of its own."""
    for rule, example in PLANTED.items():
        path = folder / rule / example[0]
        path.parent.mkdir(parents=True)
        path.write_text(example[at])


def test_every_rule_has_an_example():
    rules = {name for file in RULES.glob("*.yml") for name in re.findall(r"- id: (\S+)", file.read_text())}

    assert rules == set(PLANTED)


@pytest.mark.parametrize("rule", PLANTED)
def test_a_rule_finds_its_planted_fault_and_nothing_in_faultless_code(tmp_path, rule):
    path, faulty, faultless = PLANTED[rule]
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(faulty)
    assert rule in [found for found, _place in semgrep(tmp_path, ".")]

    (tmp_path / path).write_text(faultless)
    assert semgrep(tmp_path, ".") == []


def test_our_code_breaks_no_rule():
    assert semgrep(HERE, *CODE, "templates", "static") == []


def test_bandit_finds_nothing():
    command = [BIN / "bandit", "--quiet", "--recursive", "--configfile", HERE / "pyproject.toml", *CODE]
    ran = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)  # noqa: S603 - our own command

    assert ran.returncode == 0, ran.stdout
