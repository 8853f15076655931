"""Parts of views that confirm an address by mail. Each app passes in its own rows and links."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaign.confirming.forms import CodeForm, ResendForm
from campaign.confirming.models import ConfirmedByMail, ConfirmedByMailQuerySet
from campaign.confirming.never import read_never_token, suppress
from campaign.forms.guard import evened_out, public_form
from campaign.pages.caching import cacheable

View = Callable[..., HttpResponse]
WRONG_CODE = _("This code does not match the address, has expired, or has been used")
INBOX = "confirming/check_your_email.html"


def takes_address(view: View) -> View:
    """Let a view accept an address from anybody, without its response time revealing whether we know the address.

    Its responses to GET may be cached.
    """
    return require_http_methods(["GET", "HEAD", "POST"])(public_form(evened_out(cacheable(view))))


def code_form(request: HttpRequest) -> CodeForm:
    """Return the code form, bound to the data if the request is a POST."""
    return CodeForm(request.POST if request.method == "POST" else None)


def confirm_by_code(form: CodeForm, rows: ConfirmedByMailQuerySet) -> Any:
    """Confirm the row among `rows` to which the form's address and code belong, and return it.

    Return None if nothing was posted, or if no row is waiting for this code; in the second case, add an error to the
    form.
    """
    if not form.is_valid():
        return None
    row = rows.by_code(**form.cleaned_data).confirm(timezone.now())
    if row is None:
        form.add_error("code", WRONG_CODE)
    return row


def find_by_code(form: CodeForm, rows: ConfirmedByMailQuerySet) -> Any:
    """Return the row among `rows` that the form's address and code could confirm, without confirming it.

    Return None if nothing was posted, or if no row is waiting for this code; in the second case, add an error to the
    form.
    """
    if not form.is_valid():
        return None
    row = rows.by_code(**form.cleaned_data).confirmable(timezone.now()).first()
    if row is None:
        form.add_error("code", WRONG_CODE)
    return row


def inbox_page(
    request: HttpRequest, resend_url: str, form: CodeForm | None = None, again: ResendForm | None = None, **more: Any
) -> HttpResponse:
    """Show the page "Check your inbox". It is the same for everybody, whatever happened before it.

    `template` in `more` names the app's own template, if it has one. The rest of `more` is its context.
    """
    context = {
        "form": form or CodeForm(),
        "resend_form": again or ResendForm(),
        "resend_url": resend_url,
        "was_resent": "again" in request.GET,
        "days": settings.PLEDGE_CONFIRM_DAYS,
    }
    return render(request, more.pop("template", INBOX), context | more)


def resend(request: HttpRequest, rows: ConfirmedByMailQuerySet, inbox: str, **more: Any) -> HttpResponse:
    """Send the message again, and redirect to the page "Check your inbox", whose URL is `inbox`.

    The response is the same whether or not we know the address. `more` is as for `inbox_page`.
    """
    if request.method != "POST":
        return redirect(inbox)
    form = ResendForm(request.POST)
    if form.is_valid():
        rows.resend(form.cleaned_data["email"], timezone.now())
        return redirect(f"{inbox}?again=1")
    return inbox_page(request, request.path, again=form, **more)


def never_again(
    request: HttpRequest, token: str, models: Iterable[type[ConfirmedByMail]], template: str = "confirming/never.html"
) -> HttpResponse:
    """Show people who didn't ask for a message a button that stops all messages; a POST suppresses their address.

    The message was about a row of one of `models`.
    """
    held = [(model, *key) for model in models if (key := read_never_token(model, token))]
    if not held:
        return render(request, template, {"state": "expired"}, status=404)
    if request.method == "POST":
        suppress(*held[0], timezone.now())
    return render(request, template, {"state": "done" if request.method == "POST" else "open"})
