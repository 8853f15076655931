"""A protest's poster: when, where, what to bring, and a QR code for its page."""

from django.conf import settings
from django.utils.translation import gettext as _

from actions.protests.agenda import Agenda
from actions.protests.models import Occasion, Place
from campaign.documents.html import blocks
from campaign.sharing.poster import Poster, Section

MAX_RULES = 2
MAX_LISTED = 4
MAX_ITEM = 160


def poster(agenda: Agenda, campaign: str) -> Poster:
    """Return a protest's poster in the active language. `campaign` is the campaign's name."""
    protest = agenda.protest
    coming = [one for one in agenda.occasions if not one.cancelled]
    rules = [] if agenda.is_single else agenda.rules
    place = coming[0].place if coming and not rules else protest.place
    return Poster(
        protest.language,
        protest.direction,
        campaign,
        protest.title,
        settings.SITE_URL + protest.get_absolute_url(),
        bold=rules[:MAX_RULES] or _next(agenda.next_date),
        lines=_address(place) if place else [],
        ask=_("Join us") if coming else "",
        sections=[
            Section(_("Next dates"), _dates(coming, place)),
            Section(_("What to bring"), _items(protest.what_to_bring)),
            Section(_("How to get there"), [place.stations, place.step_free] if place else []),
        ],
    )


def _next(one: Occasion | None) -> list[str]:
    """Return the next date's day and times as two lines, or one line that says where to look for the next date."""
    if one is None:
        return [_("Look up the next date on our page")]
    return [one.day, one.times]


def _dates(coming: list[Occasion], place: Place | None) -> list[str]:
    """Return the next dates if there are at least two, each with its place unless that is the poster's own place."""
    if len(coming) < 2:
        return []
    return [one.when if one.place == place else _when_and_where(one) for one in coming[:MAX_LISTED]]


def _when_and_where(one: Occasion) -> str:
    return _("%(when)s: %(place)s") % {"when": one.when, "place": one.place.name}


def _address(place: Place) -> list[str]:
    return [place.name, ", ".join(place.address.splitlines())]


def _items(html: str) -> list[str]:
    """Return the first paragraphs and list items of some HTML, each shortened to MAX_ITEM characters."""
    texts = [" ".join(block.text.split()) for block in blocks(html)]
    shortened = [text if len(text) <= MAX_ITEM else text[: MAX_ITEM - 1].rstrip() + "…" for text in texts if text]
    return shortened[:MAX_LISTED]
