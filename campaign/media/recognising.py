"""Recognising a document by its contents. Only two small members of an Office file are ever unpacked."""

import zipfile
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaign.media.refusals import DOCUMENT_BEGINNINGS, PROGRAM, by_beginning, by_markup

TAIL = 1024  # a PDF ends with %%EOF in its last kilobyte (ISO 32000-1, Annex H, note 18)
MAX_MEMBERS = 5000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200  # unpacked to packed; spreadsheets of figures reach 30
MAX_SMALL_MEMBER = 100_000
CONTENT_TYPES = "[Content_Types].xml"
# Folders and files in which Word, Excel and LibreOffice store macros and controls.
MACROS = ("vbaproject.bin", "vbadata.xml", "/activex/", "basic/", "scripts/", "macrosheets/", "/oleobject")
NOT_A_DOCUMENT = _(
    "This is not a document that we can use. Choose a PDF, DOCX, ODT, XLSX, CSV or TXT file. The name doesn’t matter: "
    "we look at what is inside."
)
WITH_MACROS = _("This document has a macro, control or program in it. Save a copy without macros, or save it as PDF.")
DAMAGED = _("The document is damaged or incomplete. Open it on your computer, save it again, and choose the new file.")
BOMB = _("Unpacked, this document would be far too large. Save it again without pictures, or as PDF.")
TWO_IN_ONE = _(
    "This file is a PDF and something else at the same time, so it could harm visitors. Print it as a new PDF."
)


class Kind(TextChoices):
    """Kinds of document that visitors can download. Each value is the extension of the file's name."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word document")
    ODT = "odt", _("OpenDocument text")
    XLSX = "xlsx", _("Excel workbook")
    CSV = "csv", _("CSV table")
    TXT = "txt", _("plain text")


MIME = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv",
    Kind.TXT: "text/plain",
}
OFFICE = {"word/document.xml": Kind.DOCX, "xl/workbook.xml": Kind.XLSX}


def recognise(file: IO[bytes], name: str) -> Kind:
    """Return the kind of document. Raises ValidationError with the reason if it can't be used.

    `name` is used only to tell a CSV table from other plain text. Both are equally safe.
    """
    file.seek(0)
    content = file.read()
    if content.startswith(b"%PDF-"):
        return recognise_pdf(file, content)
    if content.startswith(b"PK\x03\x04"):
        return recognise_office(file, len(content))
    reason = by_beginning(content, DOCUMENT_BEGINNINGS) or by_markup(content)
    if reason or not is_text(content):
        raise ValidationError(reason or NOT_A_DOCUMENT)
    return Kind.CSV if name.lower().endswith((".csv", ".tsv")) else Kind.TXT


def recognise_pdf(file: IO[bytes], content: bytes) -> Kind:
    """Return Kind.PDF. Raises ValidationError if the file is incomplete, runs programs, or also fits another kind."""
    if zipfile.is_zipfile(file) or by_markup(content[:TAIL]) or by_markup(content[-TAIL:]):
        raise ValidationError(TWO_IN_ONE)
    if b"%%EOF" not in content[-TAIL:]:
        raise ValidationError(DAMAGED)
    if b"/JavaScript" in content or b"/Launch" in content:
        raise ValidationError(PROGRAM)
    return Kind.PDF


def recognise_office(file: IO[bytes], size: int) -> Kind:
    """Return the kind of a DOCX, ODT or XLSX file. Raises ValidationError with the reason if it is something else."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            refuse_bombs(members, size)
            kind = kind_by_members(archive)
            names = [f"/{member.filename.lower()}" for member in members]
            if any(macro in name for macro in MACROS for name in names) or "macroEnabled" in types_of(archive):
                raise ValidationError(WITH_MACROS)
    except (ArithmeticError, LookupError, OSError, RuntimeError, ValueError, zipfile.BadZipFile) as error:
        raise ValidationError(DAMAGED) from error
    return kind


def refuse_bombs(members: list[zipfile.ZipInfo], size: int) -> None:
    """Raise ValidationError if the members, as declared, would unpack to too much, or overlap."""
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    overlaps = packed > size
    if overlaps or len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 10_000):
        raise ValidationError(BOMB)


def kind_by_members(archive: zipfile.ZipFile) -> Kind:
    """Return the kind of an Office file. Raises ValidationError if it is another kind of archive."""
    names = set(archive.namelist())
    if "mimetype" in names and small_member(archive, "mimetype") == MIME[Kind.ODT]:
        return Kind.ODT
    kind = next((kind for part, kind in OFFICE.items() if part in names), None)
    if kind is None or CONTENT_TYPES not in names:
        raise ValidationError(NOT_A_DOCUMENT)
    return kind


def types_of(archive: zipfile.ZipFile) -> str:
    """Return the list of content types of a DOCX or XLSX file, or "" for any other file."""
    return small_member(archive, CONTENT_TYPES) if CONTENT_TYPES in archive.namelist() else ""


def small_member(archive: zipfile.ZipFile, name: str) -> str:
    """Return the beginning of a member, whatever size it claims to have."""
    with archive.open(name) as member:
        return member.read(MAX_SMALL_MEMBER).decode("utf-8", "replace").strip()


def is_text(content: bytes) -> bool:
    """Return whether the content is plain text in UTF-8, UTF-16 or Windows-1252, and not empty."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text: Any
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return (
        bool(text.strip()) and not any(char < " " and char not in "\t\n\r\f" for char in text) and "\ufffd" not in text
    )
