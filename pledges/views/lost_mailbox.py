"""The page on which signers who can no longer read their mail ask organisers to withdraw their signature."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaign.forms.guard import public_form
from campaign.network.daily_limit import store_within_limit
from campaign.pages.caching import cacheable
from pledges.forms.lost_mailbox import LostMailboxForm
from pledges.models import LostMailbox, Pledge

TOO_MANY = _("There have been too many requests today. Please try again tomorrow.")


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
    """Store the request, unless there have been too many today; return whether it was stored."""

    def store(network: bytes | None, now: datetime) -> None:
        LostMailbox.objects.create(pledge=pledge, network=network, asked_at=now, **form.answers())

    return store_within_limit(request, form, LostMailbox.objects.limit_reached, TOO_MANY, store)
