"""Answering with a document."""

from collections.abc import Callable

from django.http import Http404, HttpResponse

from campaign.documents import docx, text
from campaign.documents.blocks import Document

Writer = Callable[[Document], str | bytes]
WRITERS: dict[str, tuple[str, Writer]] = {
    "docx": (docx.MIME, docx.write),
    "txt": ("text/plain; charset=utf-8", text.write),
}


def download(document: Document, kind: str, name: str) -> HttpResponse:
    """The document as a file "name.kind". Raises Http404 for a kind that there is no writer for."""
    if kind not in WRITERS:
        raise Http404
    mime, write = WRITERS[kind]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(write(document), content_type=mime, headers=headers)
