"""The page on which visitors complain about an entry. Each app passes in its own form and model."""

from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from campaign.complaints.forms import ComplaintForm
from campaign.network.daily_limit import store_within_limit

TOO_MANY = _("There have been too many complaints today. Please try again tomorrow.")


def complaint_page(
    request: HttpRequest,
    template: str,
    model: Any,
    form: ComplaintForm | None,
    among: dict[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the page with its form, if there is anything to complain about. A valid POST stores the complaint.

    The daily limit counts complaints with the values in `among`, such as those about one brand.
    """
    if form and form.is_valid() and _store(request, model, form, among or {}):
        return redirect(f"{request.path}?sent=1")
    context |= {"form": form, "sent": "sent" in request.GET, "days": settings.KEEP_COMPLAINTS_DAYS}
    return render(request, template, context)


def _store(request: HttpRequest, model: Any, form: ComplaintForm, among: dict[str, Any]) -> bool:
    """Store the complaint, unless there have been too many today; return whether it was stored."""

    def store(network: bytes | None, now: datetime) -> None:
        model.objects.create(network=network, asked_at=now, **form.answers())

    return store_within_limit(request, form, partial(model.objects.limit_reached, **among), TOO_MANY, store)
