"""Adding a second person who shares a mailbox, with the link to confirm or to manage."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.forms.guard import public_form
from campaign.network.client_address import network_hash
from pledges.forms.second import SecondForm
from pledges.models import ManageLink, Signature, add_second, may_add_second


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def second(request: HttpRequest, token: str, find: Callable[[str, datetime], Signature | None]) -> HttpResponse:
    """Show the form for one more person. A valid POST adds them, but only once."""
    now = timezone.now()
    first = find(token, now)
    if first is None:
        return render(request, "pledges/second.html", status=404)
    pledge = first.pledge.as_published()
    with translation.override(pledge.interface_language):
        form = SecondForm(first.email, request.POST if request.method == "POST" else None)
        if form.is_valid() and add_second(first, form.answers(network_hash(request, now)), now):
            return redirect("thank-you", pledge.slug)
        if form.match_wording(pledge.wording) and form.is_valid():
            return render(request, "pledges/second.html", status=404)
        return render(request, "pledges/second.html", {"pledge": pledge, "form": form})


def by_confirmation(token: str, now: datetime) -> Signature | None:
    """Return the signature that this confirmation link has confirmed, if a second person may be added."""
    signature = Signature.by_token(token)
    confirmed = signature is not None and signature.confirmation_state(now) == "confirmed"
    return signature if signature and confirmed and may_add_second(signature) else None


def by_manage_link(token: str, now: datetime) -> Signature | None:
    """Return the signature that this link opens, if a second person may be added."""
    link = ManageLink.opened_by(token, now)
    return link.signature if link and link.may_add_second else None
