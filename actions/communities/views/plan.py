"""The engagement plan, its materials, and the communities that take part."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from actions.communities import documents
from actions.communities.models import Community, Plan
from actions.communities.numbers import progress, published_numbers
from campaign.documents import download as downloads
from campaign.pages.caching import bare_address, lifetime, public_page
from campaign.public_names.models import Hiding
from campaign.small_numbers import MIN_SHOWN
from campaign.versions.models import Version

A_PAGE = 100
MAX_PAGES = 200


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Show the plan with its calendar, how many communities take part, and how many have taken each step."""
    plan, now = Plan.objects.published().first(), timezone.now()
    steps = plan.steps_with_materials() if plan else []
    context = {
        "plan": plan,
        "steps": steps,
        "coming": plan.coming_dates(timezone.localdate(now)) if plan else [],
        "numbers": published_numbers(now),
        "progress": progress(steps, now),
        "min_shown": MIN_SHOWN,
        "downloads": downloads.links(lambda kind: reverse("communities:download", args=[kind])),
    }
    with translation.override(plan.interface_language if plan else None):
        return render(request, "communities/index.html", context)


@public_page
def listed(request: HttpRequest) -> HttpResponse:
    """List the communities that want to be named, in alphabetical order, one page at a time."""
    page = page_number(request.GET.get("page", ""))
    start = (page - 1) * A_PAGE
    rows = list(
        Community.objects.listed().only("public_name", "language", "region", "kind")[start : start + A_PAGE + 1]
    )
    context = {
        "communities": rows[:A_PAGE],
        "page": page,
        "next_page": page + 1 if len(rows) > A_PAGE and page < MAX_PAGES else None,
        "names_hidden": Hiding.objects.current().exists() if not rows else False,
    }
    return render(request, "communities/list.html", context)


def page_number(text: str) -> int:
    """Return the page number in a URL, or 1 if it isn't one."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_PAGES)) else 1
    return number if 1 <= number <= MAX_PAGES else 1


@require_safe
@bare_address
def materials(request: HttpRequest) -> Any:
    """Send the plan and its materials in one archive, or 304 to a client that already has this archive."""
    begun_at, plan = timezone.now(), published_plan()
    with translation.override(plan.interface_language):
        steps, coming = plan.steps_with_materials(), plan.coming_dates(timezone.localdate())
        tag = documents.tag_of(plan, steps, coming)
        response: Any = get_conditional_response(request, etag=tag)
        if response is None:
            archive = documents.KEPT.open(tag, begun_at, lambda: documents.archive(plan, steps, coming))
            response = FileResponse(archive, as_attachment=True, filename=f"{documents.NAME}.zip")
    response["ETag"], response["X-Robots-Tag"] = tag, "noindex"
    seconds = lifetime(Version.objects.next_change_after(begun_at))
    patch_cache_control(response, public=True, max_age=0, s_maxage=seconds)
    return response


@bare_address
@public_page
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the plan as a document of this kind, such as "pdf"."""
    plan = published_plan()
    with translation.override(plan.interface_language):
        coming = plan.coming_dates(timezone.localdate())
        return downloads.download(documents.document(plan, plan.steps_with_materials(), coming), kind, documents.NAME)


def published_plan() -> Plan:
    """Return the plan that visitors see. Raises Http404 if none is published."""
    plan: Plan | None = Plan.objects.published().first()
    if plan is None:
        raise Http404
    return plan
