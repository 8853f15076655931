"""Pages on which people say that they are coming to a protest, confirm it, or drop out. None of them sets a cookie."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.protests.coming.forms import ComingForm
from actions.protests.coming.invitation import invitation
from actions.protests.models import Arrangement, Attendee, Protest, read_each
from campaign.confirming.views import code_form, confirm_by_code, inbox_page, never_again, resend, takes_address
from campaign.forms.guard import public_form
from campaign.network.daily_limit import store_within_limit
from campaign.pages.caching import bare_address

INBOX = "protests/coming/check_your_email.html"
TOO_MANY = _("Too many people have filled in this form today. You can come without telling us.")


@takes_address
@bare_address
def coming(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form; a valid POST stores the answers and redirects to the page about checking the inbox."""
    now = timezone.now()
    protest = _protest(slug, now)
    with translation.override(protest.interface_language):
        invited = invitation(protest, now)
        form = ComingForm(invited.occasions, request.POST if request.method == "POST" else None) if invited else None
        if form and form.is_valid() and _store(request, form):
            return redirect("protests:coming-check-your-email", slug)
        context = {"protest": protest, "form": form, "invitation": invited, "days": settings.KEEP_ATTENDEES_DAYS}
        return render(request, "protests/coming/coming.html", context)


def _store(request: HttpRequest, form: ComingForm) -> bool:
    """Store the answers, unless too many have been entered today; return whether they were stored."""
    occasion, answers = form.occasion, form.cleaned_data

    def store(network: bytes | None, now: datetime) -> None:
        Attendee.come(occasion, answers["email"], answers["name"], network, now, answers["wants_news"])

    return store_within_limit(request, form, partial(Attendee.limit_reached, occasion), TOO_MANY, store)


@takes_address
def check_your_email(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the page about checking the inbox, with a form for the code. It looks the same whatever happened before."""
    protest = _protest(slug, timezone.now())
    with translation.override(protest.interface_language):
        form = code_form(request)
        if attendee := confirm_by_code(form, protest.attendees.all()):
            return redirect("protests:coming-confirm", attendee.token)
        resend_url = reverse("protests:coming-send-again", args=[slug])
        return inbox_page(request, resend_url, form, protest=protest, template=INBOX)


@takes_address
def send_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Queue the message again. The response is the same whether or not we know the address."""
    protest = _protest(slug, timezone.now())
    with translation.override(protest.interface_language):
        inbox = reverse("protests:coming-check-your-email", args=[slug])
        return resend(request, protest.attendees.all(), inbox, protest=protest, template=INBOX)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that confirms that somebody is coming. Only a POST confirms it, once."""
    now = timezone.now()
    attendee = Attendee.objects.by_token(token).select_related("protest").first()
    if attendee is None:
        return render(request, "protests/coming/confirm.html", {"state": "expired"}, status=404)
    present = _arrangement(attendee)
    state = attendee.state(now, present)
    if request.method == "POST" and state == "pending":
        Attendee.objects.by_token(token).confirm(now)
        return redirect(request.path)
    protest = attendee.protest.as_published()
    with translation.override(protest.interface_language):
        context = _context(attendee, protest, present) | {"state": state}
        return render(request, "protests/coming/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def drop_out(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button that erases what somebody told us about one date. Only a POST erases it.

    Mail programs post here too, for RFC 8058, so a POST is never redirected.
    """
    rows = Attendee.objects.to_drop_out(token)
    attendee = rows.select_related("protest").first()
    if attendee is None:
        return render(request, "protests/coming/drop_out.html", {"state": "gone"}, status=404)
    protest = attendee.protest.as_published()
    with translation.override(protest.interface_language):
        context = _context(attendee, protest, _arrangement(attendee)) | {"state": "open"}
        if request.method == "POST":
            rows.erase()
            context["state"] = "done"
        return render(request, "protests/coming/drop_out.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def never(request: HttpRequest, token: str) -> HttpResponse:
    """Show people who didn't ask for a message a button that stops all messages; a POST suppresses their address."""
    return never_again(request, token, [Attendee])


def _protest(slug: str, now: datetime) -> Protest:
    """Return the published protest with its dates to come. Raises Http404 if people can't say that they are coming."""
    protests = Protest.objects.published().with_dates_to_come(now).filter(takes_names=True)
    return get_object_or_404(protests, slug=slug)


def _arrangement(attendee: Attendee) -> Arrangement:
    """Return the current arrangement, or a cancelled one if the protest can't be read.

    People can drop out even then.
    """
    read = read_each([attendee.protest], lambda _protest: attendee.arrangement())
    return read[0][1] if read else Arrangement()


def _context(attendee: Attendee, protest: Protest, present: Arrangement) -> dict[str, object]:
    """Return the context of an attendee's page: the protest, the date's arrangement and the link to drop out."""
    return {
        "protest": protest,
        "on": attendee.on,
        "wants_news": attendee.wants_news,
        "when": present.in_words(protest.timezone),
        "place": present.place,
        "drop_out_url": reverse("protests:coming-drop-out", args=[attendee.manage_token]),
    }
