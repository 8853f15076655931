"""The page where donors cancel a Gift Aid declaration."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.fundraising.models import Declaration
from campaign.forms.guard import public_form


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def gift_aid(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button that cancels the declaration. The page names the charity and the date, but not the donor."""
    declaration = Declaration.objects.by_token(token).select_related("donation__fund").first()
    if declaration is None:
        return render(request, "fundraising/gift_aid.html", {"state": "over"}, status=404)
    with translation.override(declaration.donation.fund.interface_language):
        if request.method == "POST":
            Declaration.objects.filter(pk=declaration.pk).cancel(timezone.now())
        is_cancelled = request.method == "POST" or declaration.cancelled_at is not None
        context = {"state": "cancelled" if is_cancelled else "open", "declaration": declaration}
        return render(request, "fundraising/gift_aid.html", context)
