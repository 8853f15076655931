"""Content pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation

from campaign.documents import download as documents
from campaign.pages.blocks.document import document
from campaign.pages.blocks.rendering import contents
from campaign.pages.caching import public_page
from campaign.pages.contents import with_anchors
from campaign.pages.models import Page
from campaign.privacy.retention import RULES

NAMES_THE_PUBLISHER = {"contact", "imprint", "privacy"}


@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one content page with its blocks, in the language it is written in."""
    page = get_object_or_404(Page.objects.published(), slug=slug)
    with translation.override(page.interface_language):
        html, headings = with_anchors(contents(page))
        downloads = documents.links(lambda kind: reverse("page-download", args=[slug, kind]))
        context = {
            "page": page,
            "languages": page.in_all_languages(),
            "contents": html,
            "headings": headings,
            "downloads": downloads,
            "names_the_publisher": slug in NAMES_THE_PUBLISHER,
            "retention": RULES if slug == "privacy" else [],
        }
        return render(request, "pages/page.html", context)


@public_page
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Return a page as a document, if organisers have made it downloadable."""
    page = get_object_or_404(Page.objects.published(), slug=slug)
    if not page.downloadable:
        raise Http404
    with translation.override(page.interface_language):
        return documents.download(document(page), kind, slug)
