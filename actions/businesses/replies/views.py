"""The page behind a mailed link, on which a company replies to what we say about it."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.businesses.models import Brand, CommitmentOffer, CompanyReply
from actions.businesses.offers.views import TOO_MANY
from actions.businesses.replies.forms import ReplyForm
from actions.businesses.replies.links import Correspondence, opened_by
from campaign.forms.guard import public_form
from campaign.network.daily_limit import store_within_limit


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show the subject of a company's link, with a form for a reply; a valid POST stores the reply for organisers."""
    about = opened_by(token)
    if about is None:
        return render(request, "businesses/manage.html", {"about": None}, status=404)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if about.brand and form.is_valid() and _store(request, about, about.brand, form):
        return redirect(f"{request.path}?sent=1")
    brand = about.brand.as_published() if about.brand else None
    context = {"about": about, "brand": brand, "form": form if brand else None, "sent": "sent" in request.GET}
    return render(request, "businesses/manage.html", context)


@transaction.atomic
def _store(request: HttpRequest, about: Correspondence, brand: Brand, form: ReplyForm) -> bool:
    """Store the reply, unless there have been too many today; return whether it was stored."""

    def store(network: bytes | None, now: datetime) -> None:
        CompanyReply.objects.create(brand=brand, about=about.about, network=network, asked_at=now, **form.answers())
        if about.offer:
            CommitmentOffer.objects.filter(pk=about.offer.pk).update(active_at=now)

    limit_reached = partial(CompanyReply.objects.limit_reached, brand=brand, about=about.about)
    return store_within_limit(request, form, limit_reached, TOO_MANY, store)
