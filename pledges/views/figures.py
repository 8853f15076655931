"""How many have signed: the count, by area, day by day."""

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.cache import patch_cache_control

from campaign.charts import draw
from campaign.pages.caching import public_page
from pledges.counting.areas import MIN_SHOWN, by_area
from pledges.counting.ledger import MAX_LINES, as_csv
from pledges.models import Pledge

DAYS_SHOWN = 30
COUNT_MAY_BE_OLDER = 300  # seconds for which a cache may show an old count while it asks for a new one


@public_page
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """The count as JSON, for anybody's page: the whole, what was counted on paper, and by area."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    numbers = {"count": pledge.count, "goal": pledge.current_goal, "on_paper": pledge.on_paper}
    response = JsonResponse(numbers | {"areas": asdict(by_area(pledge))})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, max_age=settings.PAGE_CACHE_SECONDS, stale_while_revalidate=COUNT_MAY_BE_OLDER)
    return response


@public_page
def areas(request: HttpRequest, slug: str) -> HttpResponse:
    """How many signed in each nation, region and constituency; few are not told."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    with translation.override(pledge.language):
        return render(request, "pledges/areas.html", {"pledge": pledge, "areas": by_area(pledge), "least": MIN_SHOWN})


@public_page
def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """A line a day with the count and the hash of the line before, for who wants to check that none was rewritten."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    return HttpResponse(as_csv(pledge), content_type="text/csv; charset=utf-8")


@public_page
def over_time(request: HttpRequest, slug: str) -> HttpResponse:
    """How the count grew: a drawing, and the last days as a table."""
    pledge = get_object_or_404(Pledge.objects.published().with_count(), slug=slug)
    days = list(pledge.ledger.values_list("day", "count")[:MAX_LINES])
    with translation.override(pledge.language):
        context = {"pledge": pledge, "chart": draw(days), "days": days[: -DAYS_SHOWN - 1 : -1]}
        return render(request, "pledges/over_time.html", context)
