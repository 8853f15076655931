"""Similarity of two letters, measured as WriteToThem does, which holds back letters that are too alike.

It hashes each window of 32 bytes and compares the sets: 2|A n B| / (|A| + |B|), too alike from 0.50. `static/letter.js`
calculates the same while somebody types.
"""

WINDOW = 32
TOO_ALIKE = 0.5


def windows(text: str) -> set[bytes]:
    """Return every 32-byte window of the text in UTF-8, with white space collapsed; a shorter text is one window."""
    data = " ".join(text.split()).encode(errors="replace")
    return {data[start : start + WINDOW] for start in range(max(len(data) - WINDOW + 1, 1))}


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 (nothing in common) to 1 (the same)."""
    first, second = windows(one), windows(other)
    return 2 * len(first & second) / (len(first) + len(second))
