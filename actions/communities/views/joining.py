"""Joining, and confirming by mail."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.communities.forms.join import JoinForm
from actions.communities.models import Community, ContactChange, Plan
from campaign.confirming.views import code_form, find_by_code, inbox_page, never_again, resend, takes_address
from campaign.forms.guard import public_form
from campaign.network.daily_limit import store_within_limit
from campaign.pages.caching import public_page

TOO_MANY = _("Too many communities have joined today. Please try again tomorrow.")


@takes_address
def join(request: HttpRequest) -> HttpResponse:
    """Show the form. A valid POST stores the community, and redirects to the page about checking the inbox."""
    plan = Plan.objects.published().first()
    form = JoinForm(list(plan.steps.all()) if plan else [], request.POST if request.method == "POST" else None)
    if form.is_valid() and _store(request, form):
        return redirect("communities:inbox")
    return render(request, "communities/join.html", {"form": form})


def _store(request: HttpRequest, form: JoinForm) -> bool:
    """Store the community, unless too many have joined today; return whether it was stored."""

    def store(network: bytes | None, now: datetime) -> None:
        Community.join(form.cleaned_data["email"], network, now, form.planned(), **form.answers())

    return store_within_limit(request, form, Community.objects.limit_reached, TOO_MANY, store)


@takes_address
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the page after joining, with a form for the code. The page is the same for everybody.

    The code opens the same page as the link, because only that page shows what will be confirmed.
    """
    form = code_form(request)
    if community := find_by_code(form, Community.objects.all()):
        return redirect("communities:confirm", community.token)
    return inbox_page(request, reverse("communities:send-again"), form)


@takes_address
def send_again(request: HttpRequest) -> HttpResponse:
    """Send the message again. The response is the same whether or not we know the address."""
    return resend(request, Community.objects.all(), reverse("communities:inbox"))


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the answers and a button. Only a POST confirms them, once, and only if the page showed the same answers."""
    now, found = timezone.now(), Community.objects.by_token(token)
    is_post = request.method == "POST"
    if is_post and found.confirm_as_seen(request.POST.get("answers", ""), now):
        return redirect("communities:joined")
    row = found.first()
    context = {"community": row, "state": row.confirmation_state(now) if row else "expired", "changed": is_post}
    return render(request, "communities/confirm.html", context, status=200 if row else 404)


@public_page
def joined(request: HttpRequest) -> HttpResponse:
    """Say what happens after confirming. The page is the same for everybody."""
    return render(request, "communities/joined.html")


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button to people who did not ask for a message. A POST suppresses their address."""
    return never_again(request, token, [Community, ContactChange], "communities/unsubscribe.html")
