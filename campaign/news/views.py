"""Asking for news, and confirming the address. The pages look the same for every address."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.confirming.never import read_never_token
from campaign.confirming.views import code_form, confirm_by_code, inbox_page, never_again, resend, takes_address
from campaign.forms.guard import public_form
from campaign.network.daily_limit import store_within_limit
from campaign.news.forms import JoinForm
from campaign.news.models import Subscriber
from campaign.pages.caching import bare_address, public_page

INBOX = "news/check_your_email.html"
TOO_MANY = _("Too many people have filled in this form today. Please try again tomorrow.")


@takes_address
@bare_address
def join(request: HttpRequest) -> HttpResponse:
    """Show the form. A valid POST stores the address and redirects to the page about checking the inbox."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _store(request, form):
        return redirect("news:check-your-email")
    return render(request, "news/join.html", {"form": form})


def _store(request: HttpRequest, form: JoinForm) -> bool:
    """Store the address, unless too many have been entered today; return whether it was stored."""
    store = partial(Subscriber.join, form.cleaned_data["email"])
    return store_within_limit(request, form, Subscriber.objects.limit_reached, TOO_MANY, store)


@takes_address
def check_your_email(request: HttpRequest) -> HttpResponse:
    """Show the page about checking the inbox, with a form for the code. It is the same for every address."""
    form = code_form(request)
    if confirm_by_code(form, Subscriber.objects.all()):
        return redirect("news:confirmed")
    return inbox_page(request, reverse("news:send-again"), form, template=INBOX)


@takes_address
def send_again(request: HttpRequest) -> HttpResponse:
    """Queue the message again. The response doesn't show whether we know the address."""
    return resend(request, Subscriber.objects.all(), reverse("news:check-your-email"), template=INBOX)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that confirms the address. Only a POST confirms it, and only once."""
    now, found = timezone.now(), Subscriber.objects.by_token(token)
    if request.method == "POST" and found.confirm(now):
        return redirect("news:confirmed")
    row = found.first()
    state = row.confirmation_state(now) if row else "expired"
    return render(request, "news/confirm.html", {"state": state}, status=200 if row else 404)


@public_page
def confirmed(request: HttpRequest) -> HttpResponse:
    """Say that news is on its way. The page is the same for everybody."""
    return render(request, "news/confirmed.html")


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def never(request: HttpRequest, token: str) -> HttpResponse:
    """Show people who didn't ask for a message a button that stops all messages. A POST suppresses their address.

    Unlike other never-again links, this one erases the row even if somebody has confirmed the address.
    """
    response = never_again(request, token, [Subscriber])
    held = read_never_token(Subscriber, token)
    if held and request.method == "POST":
        Subscriber.objects.filter(pk=held[0]).erase(timezone.now())
    return response
