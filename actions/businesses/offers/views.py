"""Pages on which organisations endorse the call and companies make a commitment.

No response reveals whether we know an address.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.businesses.models import CallToAction, CommitmentOffer, EndorsementOffer
from actions.businesses.offers.forms import CommitForm, EndorseForm
from campaign.confirming.views import code_form, confirm_by_code, inbox_page, never_again, resend, takes_address
from campaign.forms.guard import public_form
from campaign.network.daily_limit import store_within_limit
from campaign.pages.caching import cacheable

TOO_MANY = gettext_lazy("There have been too many requests today. Please try again tomorrow.")
MODELS: dict[str, Any] = {"endorse": EndorsementOffer, "commit": CommitmentOffer}


@takes_address
def endorse(request: HttpRequest) -> HttpResponse:
    """Show the call with the form to endorse it. A valid POST stores the offer and queues a message to the address."""
    call = get_object_or_404(CallToAction.objects.published()[:1])
    with translation.override(call.interface_language):
        form = EndorseForm(call, request.POST if request.method == "POST" else None)
        if form.is_valid() and _store(request, form, EndorsementOffer, call_id=call.pk):
            return redirect("businesses:endorse-check-your-email")
        return render(request, "businesses/endorse.html", {"call": call, "form": form})


@takes_address
def commit(request: HttpRequest) -> HttpResponse:
    """Show the form for a company's commitment. A valid POST stores the offer and queues a message to the address."""
    call = get_object_or_404(CallToAction.objects.published()[:1])
    with translation.override(call.interface_language):
        first = {"brand": request.GET.get("brand", "")[:100]}
        form = CommitForm(request.POST if request.method == "POST" else None, initial=first)
        if form.is_valid() and _store(request, form, CommitmentOffer):
            return redirect("businesses:commit-check-your-email")
        return render(request, "businesses/commit.html", {"call": call, "form": form})


def _store(request: HttpRequest, form: Any, model: Any, **values: Any) -> bool:
    """Store the offer, unless there have been too many today; return whether it was stored."""

    def store(network: bytes | None, now: datetime) -> None:
        model.ask(now=now, network=network, **form.answers(), **values)

    return store_within_limit(request, form, model.objects.limit_reached, TOO_MANY, store)


@takes_address
def check_your_email(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the page "Check your inbox", with a form for the code. It looks the same whatever happened before."""
    form = code_form(request)
    if confirm_by_code(form, MODELS[kind].objects.all()):
        return redirect("businesses:confirmed")
    return inbox_page(request, reverse(f"businesses:{kind}-send-again"), form)


@takes_address
def send_again(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the message again. The response is the same whether or not we know the address."""
    return resend(request, MODELS[kind].objects.all(), reverse(f"businesses:{kind}-check-your-email"))


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that confirms the offer. Only a POST confirms it, once."""
    found = [row for model in MODELS.values() for row in model.objects.by_token(token)]
    if not found:
        return render(request, "businesses/confirm.html", {"state": "expired"}, status=404)
    offer = found[0]
    if request.method == "POST" and type(offer).objects.by_token(token).confirm(timezone.now()):
        return redirect("businesses:confirmed")
    context = {"state": offer.confirmation_state(timezone.now()), "offer": offer}
    return render(request, "businesses/confirm.html", context)


@require_http_methods(["GET", "HEAD"])
@cacheable
def confirmed(request: HttpRequest) -> HttpResponse:
    """Thank somebody for confirming, and say what happens next."""
    return render(request, "businesses/confirm.html", {"state": "confirmed"})


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show people who didn't ask for a message a button that stops all messages; a POST suppresses their address."""
    return never_again(request, token, MODELS.values())
