"""Protests, their dates, posters and calendars."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from actions.protests.agenda import Agenda, agenda, in_order, outdated_at
from actions.protests.calendar.feeds import MIME, calendar, webcal_url
from actions.protests.coming.invitation import invitation
from actions.protests.models import Protest, read_each
from actions.protests.picture import picture as picture_of
from actions.protests.poster import poster as poster_of
from campaign.documents import pdf
from campaign.pages.caching import DATES_KEPT, bare_address, keep_until, public_page, render_once
from campaign.pages.models import SiteSettings
from campaign.sharing.links import share_links
from campaign.sharing.picture import MIME as PNG
from campaign.sharing.picture import YEAR

MAX_PROTESTS = 100
MAX_DATES_IN_LIST = 3


@public_page
@bare_address
def index(request: HttpRequest) -> HttpResponse:
    """List the protests, each with its next date."""
    now = timezone.now()
    protests = Protest.objects.published().with_dates_to_come(now)[:MAX_PROTESTS]
    agendas = in_order(read_each(protests, lambda protest: agenda(protest, now, MAX_DATES_IN_LIST)))
    context = {"agendas": agendas, **_calendar(reverse("protests:calendar"))}
    return _kept_briefly(render(request, "protests/index.html", context), agendas, now)


@public_page
@bare_address
def protest(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one protest with its next dates, and how to get there."""
    now = timezone.now()
    shown = _agenda_or_404(slug, now)
    with translation.override(shown.protest.interface_language):
        context = {
            "protest": shown.protest,
            "agenda": shown,
            "invitation": invitation(shown.protest, now),
            "share": share_links(settings.SITE_URL + shown.protest.get_absolute_url(), shown.protest.title),
            **_calendar(reverse("protests:ics", args=[slug])),
        }
        return _kept_briefly(render(request, "protests/protest.html", context), [shown], now)


@public_page
@bare_address
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the poster to print, which leaves out cancelled dates."""
    now = timezone.now()
    shown = _agenda_or_404(slug, now)
    with translation.override(shown.protest.interface_language):
        printed = poster_of(shown, SiteSettings.current().name)
        response = render_once((printed,), lambda: HttpResponse(printed.pdf()))
    response["Content-Type"] = pdf.MIME
    keep_until(response, outdated_at([shown], now), now)
    return response


@public_page
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the picture that social networks show with a link to the page.

    An address with the current version can be kept for a year. A redirect drops any other query string, so that a front
    cache keeps at most two copies.
    """
    now = timezone.now()
    shown = _agenda_or_404(slug, now)
    with translation.override(shown.protest.interface_language):
        drawn = picture_of(shown, SiteSettings.current().name)
    is_current = request.META.get("QUERY_STRING", "") == f"v={drawn.version()}"
    if request.META.get("QUERY_STRING") and not is_current:
        return HttpResponsePermanentRedirect(request.path)
    response = render_once((drawn,), lambda: HttpResponse(drawn.draw()))
    response["Content-Type"] = PNG
    if is_current:
        patch_cache_control(response, max_age=YEAR, immutable=True)
    keep_until(response, outdated_at([shown], now), now)
    return response


def _kept_briefly(response: HttpResponse, agendas: Iterable[Agenda], now: datetime) -> HttpResponse:
    """Return the page. Let front caches keep it for DATES_KEPT at most, even if all its dates are cancelled."""
    changes = [outdated_at(agendas, now), now + DATES_KEPT]
    keep_until(response, min(filter(None, changes)), now)
    return response


def _agenda_or_404(slug: str, now: datetime) -> Agenda:
    """Return a protest's agenda. Raises Http404 if visitors can't see the protest, or if it can't be read."""
    protest = get_object_or_404(Protest.objects.published().with_dates_to_come(now), slug=slug)
    read = read_each([protest], lambda protest: agenda(protest, now))
    if not read:
        raise Http404
    return read[0][1]


def _calendar(path: str) -> dict[str, str]:
    """Return a calendar file's path for downloads, and its address for subscriptions, for a template."""
    return {"calendar": path, "subscription": webcal_url(path)}


@public_page
@bare_address
def ics(request: HttpRequest, slug: str) -> HttpResponse:
    """Send one protest's dates as a calendar file."""
    protest = get_object_or_404(Protest.objects.published().with_dates(), slug=slug)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.ics"'}
    return HttpResponse(calendar([protest], protest.title), content_type=MIME, headers=headers)


@public_page
@bare_address
def all_dates(request: HttpRequest) -> HttpResponse:
    """Send the dates of all protests as one calendar file."""
    protests = list(Protest.objects.published().with_dates()[:MAX_PROTESTS])
    headers = {"Content-Disposition": 'attachment; filename="calendar.ics"'}
    return HttpResponse(calendar(protests, _("Protests")), content_type=MIME, headers=headers)
