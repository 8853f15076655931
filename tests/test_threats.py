"""docs/threats.md and docs/asvs.md name the test of each defence: every test that they name exists."""

import ast
import re
from functools import cache

import pytest

from tests.checkouts import HERE

THREATS = HERE / "docs" / "threats.md"
ASVS = HERE / "docs" / "asvs.md"
NAMED = re.compile(r"`(tests/[\w/.]+)::(\w+)`")
ROW = re.compile(r"^\| ([\d., ]+) \| ([^|]+) \| (met|part|no|n/a) \| (.+) \|$", re.MULTILINE)
# The numbers and levels of OWASP ASVS 5.0, without its text.
REQUIREMENTS = dict(line.split() for line in (HERE / "tests" / "data" / "asvs-5.0.txt").read_text().splitlines())
UNTESTED = {  # threats that no test can show to be averted
    "The chain doesn't prove that an entry is true, or that every act was recorded.",
    "**A flood from many networks.**",
    "**A fault in the site takes over the machine.**",
}


@cache
def names_in(path):
    """Return the names of the tests in a file."""
    tree = ast.parse((HERE / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("document", [THREATS, ASVS], ids=lambda path: path.name)
def test_every_test_that_a_document_names_exists(document):
    named = NAMED.findall(document.read_text())

    assert len(named) > 100
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_threat_names_its_test():
    threats = re.split(r"^- ", THREATS.read_text(), flags=re.MULTILINE)[1:]
    untested = {threat for threat in threats if not NAMED.search(threat.partition("\n## ")[0])}

    assert {threat.strip() for threat in untested if not threat.startswith(tuple(UNTESTED))} == set()
    assert len(untested) == len(UNTESTED)


def test_every_requirement_of_levels_1_and_2_has_one_answer():
    answered = [number for numbers, *_rest in ROW.findall(ASVS.read_text()) for number in numbers.split(", ")]

    assert len(REQUIREMENTS) == 253
    assert sorted(answered) == sorted(REQUIREMENTS)


def test_the_summary_of_answers_is_right():
    count = dict.fromkeys(("met", "part", "no", "n/a"), 0)
    for numbers, _asks, answer, _how in ROW.findall(ASVS.read_text()):
        count[answer] += len(numbers.split(", "))

    assert "Met: {met}, part: {part}, no: {no}, n/a: {n/a}.".format_map(count) in ASVS.read_text()
