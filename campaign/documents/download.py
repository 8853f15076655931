"""Answering with a document, and the links to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from campaign.documents import docx, odt, pdf, text
from campaign.documents.blocks import Document


@dataclass(frozen=True)
class Format:
    """A kind of file: what visitors call it, its media type, and how it is written."""

    label: Any
    mime: str
    write: Callable[[Document], str | bytes]


FORMATS = {
    "docx": Format(_("Word document (DOCX)"), docx.MIME, docx.write),
    "odt": Format(_("OpenDocument (ODT)"), odt.MIME, odt.write),
    "pdf": Format(_("PDF"), pdf.MIME, pdf.write),
    "txt": Format(_("Plain text (TXT)"), "text/plain; charset=utf-8", text.write),
}


def download(document: Document, kind: str, name: str) -> HttpResponse:
    """The document as a file "name.kind". Raises Http404 for a kind that there is no writer for."""
    if kind not in FORMATS:
        raise Http404
    return attachment(FORMATS[kind].write(document), FORMATS[kind].mime, f"{name}.{kind}")


def attachment(content: str | bytes, mime: str, name: str) -> HttpResponse:
    """The content as a file to save; `name` comes from an address, and so has no characters of note."""
    return HttpResponse(content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def links(address: Callable[[str], str]) -> list[dict[str, Any]]:
    """For each format its kind, its label and its address, which `address` tells from the kind."""
    return [{"kind": kind, "label": known.label, "url": address(kind)} for kind, known in FORMATS.items()]
