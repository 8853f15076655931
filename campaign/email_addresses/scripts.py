"""Detecting a domain part that mixes alphabets, perhaps to imitate another domain.

Follows Unicode Technical Standard 39, section 5.2, level "highly restrictive": one script, or Latin with the scripts of
Japanese, Chinese or Korean. Each label is checked by itself, as browsers do (chromium.googlesource.com, docs/idn.md),
because the ending is Latin in most of the world, so пример.com is allowed. A label wholly in one script passes that
level even where it looks like a Latin one (аррӏе.com); all that matters here is that it isn't the same mailbox.
"""

import unicodedata

# The standard library doesn't know the script of a character, but its name begins with it. These go with any.
ANY = {"DIGIT", "HYPHEN", "MIDDLE", "COMBINING", "MODIFIER", "ZERO"}
NAMED_OTHERWISE = {"IDEOGRAPHIC": "CJK", "EXTENDED": "ARABIC"}  # 々, and the digits of Persian
TOGETHER = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)


def mixes_scripts(label: str) -> bool:
    """Return whether a label of a domain, in Unicode, mixes scripts that no language writes together."""
    if label.isascii():
        return False
    scripts = {_script(character) for character in label} - ANY
    return len(scripts) > 1 and not any(scripts <= allowed for allowed in TOGETHER)


def _script(character: str) -> str:
    """Return the first word of the character's name, such as "LATIN" or "CYRILLIC"."""
    word = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    return NAMED_OTHERWISE.get(word, word)
