"""The page on which signers who can no longer read their mail ask organisers to withdraw their signature."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.forms.guard import public_form
from campaign.network.client_address import network_hash
from campaign.pages.caching import cacheable
from pledges.forms.lost_mailbox import LostMailboxForm
from pledges.models import LostMailbox, Pledge


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def lost_mailbox(request: HttpRequest, slug: str) -> HttpResponse:
    """Store what the person enters. The answer is the same whether or not the address has signed."""
    pledge = get_object_or_404(Pledge.objects.published(), slug=slug)
    with translation.override(pledge.interface_language):
        form = LostMailboxForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and _store(request, pledge, form):
            return redirect(f"{reverse('pledges:lost-mailbox', args=[slug])}?sent=1")
        context = {
            "pledge": pledge,
            "form": form,
            "sent": "sent" in request.GET,
            "days": settings.KEEP_LOST_MAILBOX_DAYS,
        }
        return render(request, "pledges/lost_mailbox.html", context)


def _store(request: HttpRequest, pledge: Pledge, form: LostMailboxForm) -> bool:
    """Store the request and return True. If there have been too many, add an error to the form and return False."""
    now = timezone.now()
    network = network_hash(request, now)
    if LostMailbox.objects.is_full(network, now):
        form.add_error(None, _("There have been too many requests today. Please try again tomorrow."))
        return False
    LostMailbox.objects.create(pledge=pledge, network=network, asked_at=now, **form.answers())
    return True
