"""How alike two letters are, by the test of WriteToThem, which holds back letters too like one another.

It hashes each window of 32 bytes and compares the sets: 2|A n B| / (|A| + |B|), too alike from 0.50. `static/letter.js`
reckons the same while somebody types.
"""

WINDOW = 32
TOO_ALIKE = 0.5


def windows(text: str) -> set[bytes]:
    """Every stretch of 32 bytes of the text in UTF-8, white space made single; the whole text if it is shorter."""
    data = " ".join(text.split()).encode(errors="replace")
    return {data[start : start + WINDOW] for start in range(max(len(data) - WINDOW + 1, 1))}


def similarity(one: str, other: str) -> float:
    """How alike, from 0 (nothing in common) to 1 (the same)."""
    first, second = windows(one), windows(other)
    return 2 * len(first & second) / (len(first) + len(second))
