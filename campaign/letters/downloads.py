"""A letter that a visitor has written, as a file. None of it is stored."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from campaign.documents import download as documents
from campaign.documents import eml
from campaign.documents.blocks import Document

Url = Callable[[str], str]


def written(kind: str, name: str, on_paper: Document, as_mail: Document, to: str) -> HttpResponse:
    """Return the letter as a file "name.kind": an e-mail draft to this address for "eml"; otherwise laid out for paper.

    Raises Http404 for an unknown kind.
    """
    if kind == "eml":
        return documents.attachment(eml.write(as_mail, to=to), eml.MIME, f"{name}.eml")
    return documents.download(on_paper, kind, name)


def offers(url: Url) -> dict[str, Any]:
    """Return the context with which a preview offers the letter as a file; `url` returns the address for a kind."""
    return {"formats": documents.links(url), "draft_url": url("eml")}
