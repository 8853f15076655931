"""Giving."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from actions.fundraising.models import Appeal
from campaign.pages.caching import public_page

MOST_APPEALS = 50


@public_page
def donate(request: HttpRequest) -> HttpResponse:
    """All appeals."""
    return render(request, "fundraising/donate.html", {"appeals": Appeal.objects.published()[:MOST_APPEALS]})


@require_safe
@never_cache
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the stored link of an appeal, and to nowhere else."""
    appeal = get_object_or_404(Appeal.objects.published(), slug=slug)
    return HttpResponseRedirect(appeal.url, headers={"X-Robots-Tag": "noindex"})
