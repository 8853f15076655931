"""Protests, their dates and calendars."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from actions.protests.calendar.feeds import MIME, calendar, webcal_url
from actions.protests.coming.invitation import invitation
from actions.protests.models import Protest, read_each
from campaign.pages.caching import public_page

MAX_PROTESTS = 100


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """List the protests, each with its next date."""
    now = timezone.now()
    protests = Protest.objects.published().with_dates()[:MAX_PROTESTS]
    read = read_each(protests, lambda protest: protest.next_date(now))
    items = [{"protest": protest, "next_date": next_date} for protest, next_date in read]
    calendar_url = reverse("protests:calendar")
    context = {"items": items, "calendar_url": calendar_url, "webcal_url": webcal_url(calendar_url)}
    return render(request, "protests/index.html", context)


@public_page
def protest(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one protest with its next five dates."""
    protest = get_object_or_404(Protest.objects.published().with_dates(), slug=slug)
    now = timezone.now()
    read = read_each([protest], lambda protest: protest.dates(now))
    if not read:
        raise Http404
    ics_url = reverse("protests:ics", args=[slug])
    with translation.override(protest.interface_language):
        context = {
            "protest": protest,
            "dates": read[0][1],
            "ics_url": ics_url,
            "webcal_url": webcal_url(ics_url),
            "invitation": invitation(protest, now),
        }
        return render(request, "protests/protest.html", context)


@public_page
def ics(request: HttpRequest, slug: str) -> HttpResponse:
    """Send one protest as a calendar file."""
    protest = get_object_or_404(Protest.objects.published().with_dates(), slug=slug)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.ics"'}
    return HttpResponse(calendar([protest], protest.title), content_type=MIME, headers=headers)


@public_page
def all_dates(request: HttpRequest) -> HttpResponse:
    """Send all protests as one calendar to subscribe to."""
    protests = list(Protest.objects.published().with_dates()[:MAX_PROTESTS])
    headers = {"Content-Disposition": 'attachment; filename="calendar.ics"'}
    return HttpResponse(calendar(protests, _("Protests")), content_type=MIME, headers=headers)
