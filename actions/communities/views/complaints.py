"""The page for a complaint about an entry in the public list."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actions.communities.forms.complain import ComplaintForm
from actions.communities.models import Complaint
from campaign.forms.guard import public_form
from campaign.network.client_address import network_hash
from campaign.pages.caching import cacheable


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def complain(request: HttpRequest) -> HttpResponse:
    """Say what happens to a complaint, and store what a visitor enters."""
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _store(request, form):
        return redirect(f"{reverse('communities:complain')}?sent=1")
    context = {"form": form, "sent": "sent" in request.GET, "days": settings.KEEP_COMPLAINTS_DAYS}
    return render(request, "communities/complain.html", context)


def _store(request: HttpRequest, form: ComplaintForm) -> bool:
    """Store the complaint and return True; if there have been too many, add an error to the form and return False."""
    now = timezone.now()
    network = network_hash(request, now)
    if Complaint.objects.is_full(network, now):
        form.add_error(None, _("There have been too many complaints today. Please try again tomorrow."))
        return False
    fields = {name: form.cleaned_data[name] for name in ("about", "text", "email")}
    Complaint.objects.create(network=network, sent_at=now, **fields)
    return True
