"""The search page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from campaign.replicas import reads_replica
from campaign.search.forms import SearchForm
from campaign.search.models import IndexRow
from campaign.search.results import results, visible

RESULTS_A_PAGE = 10


@require_safe
@reads_replica
def search(request: HttpRequest) -> HttpResponse:
    """Show the form and the results.

    A search may contain a person's name. So no cache keeps the page, and browsers don't pass its address on.
    """
    form = SearchForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "words": words}
    if words:
        found = visible(IndexRow.objects.matching(words))
        page = Paginator(found, RESULTS_A_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "results": results(page.object_list, words)}
    response = render(request, "search/search.html", context)
    patch_cache_control(response, private=True, no_store=True)
    response["Referrer-Policy"] = "no-referrer"
    return response
