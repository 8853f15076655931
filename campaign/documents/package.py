"""What the two office formats have in common: an archive of XML files whose bytes depend on the document alone."""

import io
import zipfile

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FIXED_DATE = (1980, 1, 1, 0, 0, 0)


def archive(parts: dict[str, str], *, first: tuple[str, str] | None = None) -> bytes:
    """An archive of named texts; `first` comes before all others and is not compressed, as OpenDocument wants it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        if first:
            package.writestr(zipfile.ZipInfo(first[0], FIXED_DATE), first[1].encode(), zipfile.ZIP_STORED)
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, FIXED_DATE), text.encode(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def language_tag(code: str) -> str:
    """ "en-GB" for Django's "en-gb" (BCP 47's usual capitals)."""
    language, _, region = code.partition("-")
    return f"{language}-{region.upper()}" if region else language
