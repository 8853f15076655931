"""Text in a form that ignores accents and capitals, and in which each Chinese character is a word.

PostgreSQL takes a run of Chinese characters for one word, so 李小龙 would be found only as a whole. With spaces between
them, characters are found as a phrase anywhere in the run.
"""

import re
import unicodedata
from collections.abc import Iterator

# Han characters, including compatibility characters and the supplementary planes, and the two Japanese syllabaries.
CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
IS_CJK = re.compile(f"[{CJK}]")
CJK_RUN = re.compile(f"(-?)([{CJK}]+)")  # with the "-" that leaves out a word
# Letters that Unicode doesn't decompose, and signs that PostgreSQL would read as a tag or as part of a word.
REPLACED = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ʼ": "'", "ʻ": "'", "<": " ", ">": " "}
REPLACED |= dict.fromkeys("“”„«»", '"')


def folded(text: str) -> str:
    """Return the text in lower case, without accents, and with spaces around each Chinese or Japanese character."""
    return "".join(part for letter in text for part in _folded(letter))


def origins(text: str) -> list[int]:
    """Return the index in `text` of the character that each character of `folded(text)` comes from."""
    return [index for index, letter in enumerate(text) for part in _folded(letter) for _ in part]


def folded_query(text: str) -> str:
    """Return somebody's search, folded, in the syntax of `websearch_to_tsquery`.

    Make a run of Chinese characters a phrase, unless quotation marks already do.
    """
    if not re.search('["“”„«»]', text):
        text = CJK_RUN.sub(r' \1"\2" ', text)
    return " ".join(folded(text).split())


def _folded(letter: str) -> Iterator[str]:
    """Yield the parts of a folded character, such as "e" for "É". Yield nothing for an accent on its own."""
    if letter.isascii() and letter.isalnum():
        yield letter.lower()
    elif letter.isspace() or unicodedata.category(letter) == "Cc":
        yield " "
    elif IS_CJK.match(letter):
        yield f" {unicodedata.normalize('NFKC', letter)} "
    else:
        parts = unicodedata.normalize("NFKD", letter.casefold())
        kept = "".join(REPLACED.get(part, part) for part in parts if unicodedata.category(part)[0] not in "MC")
        yield unicodedata.normalize("NFC", kept)
