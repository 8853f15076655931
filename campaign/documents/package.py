"""The archive of XML files that the two office formats share. Its bytes depend on the document alone."""

import io
import zipfile

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
# How many letters a script and a country have in a language tag (RFC 5646, section 2.2).
SCRIPT, REGION = 4, 2


def archive(parts: dict[str, str], *, first: tuple[str, str] | None = None) -> bytes:
    """Return an archive of named texts. `first` comes before the others, uncompressed, as OpenDocument requires."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        if first:
            package.writestr(zipfile.ZipInfo(first[0], FIXED_DATE), first[1].encode(), zipfile.ZIP_STORED)
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, FIXED_DATE), text.encode(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def language_tag(code: str) -> str:
    """Return "en-GB" for Django's "en-gb", "zh-Hans" for "zh-hans" (RFC 5646, section 2.1.1)."""
    language, *others = code.split("-")
    return "-".join([language, *(part.title() if len(part) == SCRIPT else part.upper() for part in others)])


def region(code: str) -> str:
    """Return the country in a language code, such as "GB" for "en-gb", or "" without one."""
    return next((part.upper() for part in code.split("-")[1:] if len(part) == REGION), "")
