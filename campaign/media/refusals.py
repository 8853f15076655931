"""Reasons to refuse a file because of its contents, in plain words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PROGRAM = _(
    "This is a program, which could harm a visitor’s computer. The library accepts only pictures and documents."
)
HTML = _(
    "This is a web page, which could contain a program. Copy its text into a page of this site, or save it as PDF."
)
SVG = _(
    "This is an SVG drawing, which could contain a program. Save it as PNG in your drawing program, and choose that."
)
OLD_OFFICE = _("This is in an old Office format, which could contain a program. Save it as DOCX, XLSX or PDF.")
ARCHIVE = _("This is an archive. Unpack it, and add the files inside one by one.")
# The beginnings of files to refuse, each with the reason.
BEGINNINGS: list[tuple[bytes, Any]] = [
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"#!", PROGRAM),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (b"{\\rtf", OLD_OFFICE),
    (b"%!PS", _("This is a PostScript file, which is a kind of program. Save it as PNG or PDF, and choose that.")),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"GIF8", _("This is a GIF. Save it as PNG, and add that under Pictures.")),
]
PICTURE_BEGINNINGS: list[tuple[bytes, Any]] = [
    (b"%PDF-", _("This is a PDF. Add it under Documents.")),
    (b"PK\x03\x04", _("This is a document or an archive. Add documents under Documents.")),
    (b"BM", _("This is a BMP picture. Save it as PNG, and choose that.")),
    (b"II*\0", _("This is a TIFF picture. Save it as JPEG or PNG, and choose that.")),
    (b"MM\0*", _("This is a TIFF picture. Save it as JPEG or PNG, and choose that.")),
]
DOCUMENT_BEGINNINGS: list[tuple[bytes, Any]] = [
    (beginning, _("This is a picture. Add it under Pictures."))
    for beginning in (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF", b"\0\0\0\x18ftyp", b"\0\0\0\x1cftyp")
]
# A browser could run text that contains such a tag.
MARKUP = [(b"<svg", SVG)] + [
    (tag, HTML) for tag in (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<?php", b"<?xml")
]


def by_beginning(content: bytes, more: list[tuple[bytes, Any]]) -> Any | None:
    """Return the reason to refuse a file that begins like this, or None."""
    return next((reason for beginning, reason in [*BEGINNINGS, *more] if content.startswith(beginning)), None)


def by_markup(content: bytes) -> Any | None:
    """Return the reason to refuse text that contains markup that a browser could run, or None."""
    lowered = content.replace(b"\0", b"").lower()
    return next((reason for tag, reason in MARKUP if tag in lowered), None)
