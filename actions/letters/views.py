"""Letters to read and to download."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from actions.letters.layout import blank
from actions.letters.models import Letter
from actions.letters.placeholders import prompt
from campaign.documents import download as documents
from campaign.pages.caching import public_page
from campaign.pages.language import speaking

MOST_LETTERS = 100


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """All letters."""
    return render(request, "letters/index.html", {"letters": Letter.objects.published()[:MOST_LETTERS]})


@public_page
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """One letter, its downloads, and the page with the facts behind it."""
    letter = get_object_or_404(Letter.objects.published().select_related("read_more"), slug=slug)
    with speaking(letter.language):
        downloads = documents.links(lambda kind: reverse("letters:download", args=[slug, kind]))
        page = letter.read_more
        context = {
            "letter": letter,
            "subject": prompt(letter.subject),
            "paragraphs": letter.paragraphs(),
            "downloads": downloads,
            "read_more": page if page and page.published else None,
        }
        return render(request, "letters/letter.html", context)


@public_page
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The letter as a file, with places to fill in."""
    letter = get_object_or_404(Letter.objects.published(), slug=slug)
    with speaking(letter.language):
        return documents.download(blank(letter), kind, slug)
