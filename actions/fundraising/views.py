"""Giving."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from actions.fundraising.models import Appeal, VisitCount
from campaign.pages.caching import public_page
from campaign.pages.counting import add_one, is_a_visit

MOST_APPEALS = 50


@public_page
def donate(request: HttpRequest) -> HttpResponse:
    """All appeals."""
    appeals = Appeal.objects.published().prefetch_related("demands")[:MOST_APPEALS]
    return render(request, "fundraising/donate.html", {"appeals": appeals})


@require_safe
@never_cache
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the stored link of an appeal, and to nowhere else; count that somebody went, not who."""
    appeal = get_object_or_404(Appeal.objects.published(), slug=slug)
    if is_a_visit(request):
        add_one(VisitCount, appeal=appeal, day=timezone.localdate())
    return HttpResponseRedirect(appeal.url, headers={"X-Robots-Tag": "noindex"})
