"""The text of a letter: choosing among wordings, joining parts, and splitting the result into paragraphs."""

import re
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

# Picks a wording, given the part's name and its wordings.
Pick = Callable[[str, Sequence[str]], str]


def by_seed(*details: str) -> Pick:
    """Return a pick that differs between writers, but is always the same for the same details, ignoring white space.

    So the download matches the preview, although nothing is stored in between.
    """
    seed = " ".join(" ".join(details).split())

    def pick(part: str, wordings: Sequence[str]) -> str:
        digest = sha256(f"{part}\n{seed}".encode(errors="replace")).digest()
        return wordings[int.from_bytes(digest) % len(wordings)]

    return pick


def nth(number: int) -> Pick:
    """Return a pick of the wording with this number, counting from 0 and starting again after the last."""
    return lambda part, wordings: wordings[number % len(wordings)]


def longest(part: str, wordings: Sequence[str]) -> str:
    """Pick the longest wording, with which a letter needs the most of the writer's own words."""
    return max(wordings, key=lambda wording: len(wording.encode()))


def joined(texts: Iterable[str]) -> str:
    """Return the non-empty texts as one, with blank lines between them."""
    return "\n\n".join(plain(text) for text in texts if text.strip())


def plain(text: str) -> str:
    """Return a text with LF line endings, and without white space around it."""
    return text.replace("\r\n", "\n").strip()


def paragraphs(text: str) -> list[str]:
    """Split a text into paragraphs at its blank lines."""
    return [part.strip() for part in re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n")) if part.strip()]
