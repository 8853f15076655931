"""Drafts that an organiser has shared with a link."""

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign.editing.previews import as_visitors_see, framed, read_token, rolled_back


@require_safe
@never_cache
def draft(request: HttpRequest, token: str) -> HttpResponse:
    """Show the saved draft that a link names, as visitors would see it, for a week after the link was made."""
    found = read_token(token)
    if found is None:
        return render(request, "editing/link_over.html", status=404)
    label, key = found
    row = get_object_or_404(apps.get_model(label), pk=key)
    return framed(rolled_back(lambda: as_visitors_see(request, row)))
