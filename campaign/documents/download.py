"""Downloads of a document, and the links to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from campaign.documents import docx, odt, pdf, text
from campaign.documents.blocks import Document


@dataclass(frozen=True)
class Format:
    """A kind of file: its name for visitors, its media type, and the function that writes it."""

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
    """Return the document as a file "name.kind". Raises Http404 for an unknown kind."""
    if kind not in FORMATS:
        raise Http404
    return attachment(FORMATS[kind].write(document), FORMATS[kind].mime, f"{name}.{kind}")


def attachment(content: str | bytes, mime: str, name: str) -> HttpResponse:
    """Return the content as a file to save. `name` comes from a URL, so it contains no characters to escape."""
    return HttpResponse(content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def links(address: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the kind, label and URL of each format. `address` returns a kind's URL."""
    return [{"kind": kind, "label": file_format.label, "url": address(kind)} for kind, file_format in FORMATS.items()]
