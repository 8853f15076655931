"""Template tags for the dates of a protest."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from actions.protests.agenda import Agenda, agenda
from actions.protests.models import Protest, read_each
from actions.protests.picture import picture
from actions.protests.structured_data import events
from campaign.pages.models import SiteSettings

register = template.Library()
MAX_DATES = 3


@register.simple_tag
def agenda_of(protest: Protest) -> Agenda | None:
    """Return the agenda of a protest loaded with `with_dates_to_come`, or None if it can't be read."""
    now = timezone.now()
    read = read_each([protest], lambda protest: agenda(protest, now, MAX_DATES))
    return read[0][1] if read else None


@register.simple_tag
def events_of(agenda: Agenda, site: SiteSettings) -> dict[str, Any]:
    """Return all the dates of an agenda as schema.org Events."""
    return events(agenda.occasions, site.name)


@register.simple_tag
def picture_path(agenda: Agenda, site: SiteSettings) -> str:
    """Return the path of a protest's share picture. It changes with the picture, as social networks require."""
    path = reverse("protests:picture", args=[agenda.protest.slug])
    return f"{path}?v={picture(agenda, site.name).version()}"
