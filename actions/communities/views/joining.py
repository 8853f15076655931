"""Joining, and confirming by mail."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.communities.forms.join import JoinForm
from actions.communities.models import Community, ContactChange, Plan
from campaign.confirming.forms import CodeForm, ResendForm
from campaign.confirming.never import read_never_token, suppress
from campaign.forms.guard import public_form
from campaign.pages.caching import cacheable, public_page

INBOX = "confirming/check_your_email.html"


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def join(request: HttpRequest) -> HttpResponse:
    """Show the form; a valid POST stores the community, and redirects to the page about checking the inbox."""
    plan = Plan.objects.published().first()
    form = JoinForm(list(plan.steps.all()) if plan else [], request.POST if request.method == "POST" else None)
    if form.is_valid():
        Community.join(form.cleaned_data["email"], timezone.now(), form.planned(), **form.answers())
        return redirect("communities:inbox")
    return render(request, "communities/join.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the page after joining, with a form for the code. It is the same for everybody."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now, address = timezone.now(), form.cleaned_data["email"]
        code = Community.code_hash_of(form.cleaned_data["code"])
        if Community.objects.from_address(address).filter(code_hash=code).confirm(now):
            return redirect("communities:joined")
        form.add_error("code", _("This code does not match the address, has expired, or has been used"))
    return _inbox_page(request, form, ResendForm())


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def send_again(request: HttpRequest) -> HttpResponse:
    """Send the message again. The answer is the same whatever we know about the address."""
    if request.method != "POST":
        return redirect("communities:inbox")
    form = ResendForm(request.POST)
    if form.is_valid():
        Community.objects.resend(form.cleaned_data["email"], timezone.now())
        return redirect(f"{reverse('communities:inbox')}?again=1")
    return _inbox_page(request, CodeForm(), form)


def _inbox_page(request: HttpRequest, form: CodeForm, resend_form: ResendForm) -> HttpResponse:
    context = {
        "form": form,
        "resend_form": resend_form,
        "resend_url": reverse("communities:send-again"),
        "was_resent": "again" in request.GET,
        "days": settings.PLEDGE_CONFIRM_DAYS,
    }
    return render(request, INBOX, context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that confirms. Only a POST confirms, once."""
    now, found = timezone.now(), Community.objects.by_token(token)
    if request.method == "POST" and found.confirm(now):
        return redirect("communities:joined")
    row = found.first()
    state = row.confirmation_state(now) if row else "expired"
    status = 200 if row else 404
    return render(request, "communities/confirm.html", {"community": row, "state": state}, status=status)


@public_page
def joined(request: HttpRequest) -> HttpResponse:
    """Say what happens next, after confirming. It is the same for everybody."""
    return render(request, "communities/joined.html")


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button to people who did not ask for a message; a POST suppresses their address."""
    held = [(model, *key) for model in (Community, ContactChange) if (key := read_never_token(model, token))]
    if not held:
        return render(request, "communities/unsubscribe.html", {"state": "expired"}, status=404)
    if request.method == "POST":
        suppress(*held[0], timezone.now())
        return render(request, "communities/unsubscribe.html", {"state": "done"})
    return render(request, "communities/unsubscribe.html", {"state": "open"})
