"""Phrases that no native speaker would use, each with an alternative."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().relative_to(ROOT).as_posix()
# What people read, except the campaign's own words, the words that the glossary warns against, and other people's text.
TOPS = (
    "campaign",
    "pledges",
    "actions",
    "templates",
    "static",
    "tests",
    "deploy",
    "docs",
    "README.md",
    "Makefile",
    ".ci",
)
SUFFIXES = {".py", ".html", ".txt", ".md", ".js", ".css", ".conf", ".service", ".timer", ".typ", ""}
NOT_OURS = re.compile(r"/migrations/|^CHANGELOG\.md$|^tests/data/|^campaign/content/|requirements|^docs/glossary\.md$")

BEFORE_WHO = r"and|or|but|if|that|when|for|to|of|from|by|with|as|than|after|before|again|erase|tells?|asks?"
BANNED = {
    r"\bwhoever\b": "anybody who, the person who",
    r"\bwhom\b": "who, or another sentence",
    r"\banew\b": "again, new",
    r"\bof these\b": "name them",
    r"\bof those\b": "name them",
    r"\b(is|are|was|were|be|been) told\b(?! (apart|from)\b)": "say who tells them, or: learns, is shown",
    r"\bcom(e|es|ing) to nothing\b|\bcame to nothing\b": "fail",
    r"\bstands\b(?! (for|in|outside|outdoors))": "is",
    rf"\b({BEFORE_WHO}) who\b(?! (is|are|was|were|may|can|has|have|did|does)\b.*\?)": "people who, the person who",
    r"(?<!there )(?<!There )\b(is|are|was|were) no (?!longer|more|less|better|worse|other|need|reason|one|use|way)": (
        "is not"
    ),
    r"\bgo on to pay\b|\bgoing? on with it\b": "continue",
    r"\bat rest\b|\bis resting\b": "temporarily unavailable",
    r"\bstruck out\b|\bstrik(e|es|ing) out\b": "rejected",
    r"\bsweeps?\b": "bulk invalidation",
    r"\btall(y|ies|ied)\b": "published count",
    r"\bfold(s|ed|ing)? (the count|counts|again|until)\b": "publish",
}
PATTERNS = {re.compile(pattern, re.IGNORECASE): instead for pattern, instead in BANNED.items()}


def complaints(text):
    """Return each banned phrase in a text, with what to say instead."""
    return [f"{found[0]!r}: write {instead}" for rx, instead in PATTERNS.items() for found in rx.finditer(text)]


def files():
    """Yield the paths of what people read, from the root of the checkout."""
    for top in TOPS:
        found = [ROOT / top] if (ROOT / top).is_file() else sorted((ROOT / top).rglob("*"))
        for path in found:
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and path.suffix in SUFFIXES and name != HERE and not NOT_OURS.search(name):
                yield name


def test_english_is_plain():
    found = [
        f"{name}:{number}: {complaint}"
        for name in files()
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        for complaint in complaints(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "Erase again who asked for it.",
        "for who would rather type than follow a link",
        "A client that sends neither is no browser.",
        "The form stands on one page.",
        "Many gifts come to nothing",
        "Whoever asks is treated alike.",
    ],
)
def test_a_phrase_that_no_native_would_use_is_found(text):
    assert complaints(text)


@pytest.mark.parametrize(
    "text",
    [
        "People who signed are listed.",
        "It stands for all of them.",
        "There is no such page.",
        "It is no longer needed.",
        "Who is it for?",
        "They can't be told apart.",
    ],
)
def test_plain_english_passes(text):
    assert not complaints(text)
