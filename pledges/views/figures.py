"""How many signatures there are: in all, by area and over time."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.cache import patch_cache_control

from campaign.charts import draw
from campaign.pages.caching import public_page
from campaign.places.hexes.maps import counts_and_map
from campaign.small_numbers import MIN_SHOWN
from pledges.counting.areas import counts_by_area
from pledges.counting.ledger import MAX_LINES, as_csv, in_steps
from pledges.counting.wordings import counts_by_wording
from pledges.models import Pledge
from pledges.models.ledger import MIN_MOVE

DAYS_SHOWN = 30
COUNT_STALE_SECONDS = 300  # how long a cache may show an old count while it asks for a new one


@public_page
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the total count, and the counts on paper, by wording and by area, as JSON for use on any site."""
    pledge = get_object_or_404(Pledge.objects.published().with_count().with_wordings(), slug=slug)
    numbers = {"count": pledge.count, "goal": pledge.current_goal, "on_paper": pledge.on_paper}
    by_wording = {"wording": pledge.wording, "wordings": counts_by_wording(pledge)}
    response = JsonResponse(numbers | by_wording | {"areas": counts_by_area(pledge).by_name()})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, max_age=settings.PAGE_CACHE_SECONDS, stale_while_revalidate=COUNT_STALE_SECONDS)
    return response


@public_page
def areas(request: HttpRequest, slug: str, *, largest_first: bool = False) -> HttpResponse:
    """Show how many signatures come from each nation, region and constituency. Small counts are suppressed."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    with translation.override(pledge.interface_language):
        counts, drawn = counts_and_map(pledge.area_counts.all(), total=pledge.count)
        context = {"pledge": pledge, "areas": counts, "map": drawn, "min_shown": MIN_SHOWN}
        return render(request, "pledges/areas.html", context | {"largest_first": largest_first})


@public_page
def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the ledger, each line with the hash of the line before: anybody can check that none was rewritten."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    return HttpResponse(as_csv(pledge), content_type="text/csv; charset=utf-8")


@public_page
def over_time(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how the count grew: a chart, and the last 30 lines of the ledger as a table."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    lines = list(pledge.ledger.values_list("day", "count")[:MAX_LINES])
    with translation.override(pledge.interface_language):
        context = {"pledge": pledge, "chart": draw(in_steps(lines)), "days": lines[: -DAYS_SHOWN - 1 : -1]}
        return render(request, "pledges/over_time.html", context | {"min_move": MIN_MOVE})
