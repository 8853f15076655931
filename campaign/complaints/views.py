"""The page on which visitors complain about an entry. Each app passes in its own form and model."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.complaints.forms import ComplaintForm
from campaign.network.client_address import network_hash

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
    """Store the complaint and return True; if there have been too many, add an error to the form and return False."""
    now = timezone.now()
    network = network_hash(request, now)
    if model.objects.limit_reached(network, now, **among):
        form.add_error(None, TOO_MANY)
        return False
    model.objects.create(network=network, asked_at=now, **form.answers())
    return True
