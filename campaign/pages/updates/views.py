"""Updates: the list, the list of each year, each update's page, and the feed."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation

from campaign.pages.blocks.rendering import contents
from campaign.pages.caching import bare_address, public_page
from campaign.pages.contents import with_anchors
from campaign.pages.models import Update
from campaign.pages.updates import feed as updates_feed

UPDATES_A_PAGE = 12  # fills whole rows, whether a row has one, two or three cards


@public_page
def updates(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """List the updates, or those of one year, newest first, with links to the other years."""
    years = Update.objects.years()
    if year and year not in dict(years):
        raise Http404
    rows = Update.objects.published()
    page = Paginator(rows.of_year(year) if year else rows, UPDATES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "updates/index.html", {"page": page, "years": years, "year": year})


@public_page
def update(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one update with its blocks, in its language, with links to the updates before and after it."""
    update = get_object_or_404(Update.objects.published(), slug=slug)
    earlier, later = update.neighbours()
    with translation.override(update.interface_language):
        html, headings = with_anchors(contents(update))
        context = {
            "update": update,
            "subject": update.subject(),
            "contents": html,
            "headings": headings,
            "earlier": earlier,
            "later": later,
        }
        return render(request, "updates/update.html", context)


@public_page
@bare_address
def feed(request: HttpRequest) -> HttpResponse:
    """Return the newest updates as an Atom feed."""
    return HttpResponse(updates_feed.feed(), content_type="application/atom+xml; charset=utf-8")
