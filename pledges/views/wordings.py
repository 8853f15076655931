"""The pages with the wordings of a pledge that people have put their names to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation

from campaign.pages.caching import public_page
from campaign.small_numbers import MIN_SHOWN
from pledges.counting.wordings import counts_by_wording
from pledges.forms.wording import WordingField
from pledges.models import Pledge

WORDINGS_A_PAGE = 10
LAST_WORDING = 32_767  # the largest number that fits in the column


@public_page
def wordings(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the text of every wording, newest first, with its corrections and its number of signatures."""
    pledge = get_object_or_404(Pledge.objects.published().with_count().with_wordings(), slug=slug)
    before = request.GET.get("before", "")
    below = (WordingField().to_python(before) if before else 0) or LAST_WORDING + 1
    with translation.override(pledge.interface_language):
        shown = pledge.wordings(below, WORDINGS_A_PAGE + 1)
        context = {"pledge": pledge, "wordings": shown[:WORDINGS_A_PAGE]}
        context["next_page"] = shown[WORDINGS_A_PAGE - 1].wording if len(shown) > WORDINGS_A_PAGE else None
        counts = {"counts": counts_by_wording(pledge), "min_shown": MIN_SHOWN}
        return render(request, "pledges/wordings.html", context | counts)
