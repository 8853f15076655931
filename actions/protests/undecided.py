"""Undecided dates: those that clash with a holy day, a fast or a bank holiday until an organiser decides about them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from actions.protests.clashes import Clash, Kind, clashes
from actions.protests.models import Occasion, Protest
from actions.protests.models.occasion import ONE_DAY

# How far ahead the protest form warns, and how far ahead the desk asks for a decision.
WARNED, ASKED = timedelta(days=365), timedelta(weeks=8)
Undecided = tuple[Occasion, list[Clash]]


def kinds_for(protest: Protest) -> list[Kind]:
    """Return the kinds of clash that a protest's organisers want to be warned about."""
    holy_days = [Kind.YOM_TOV, Kind.EVE, Kind.SHABBAT] if protest.warn_of_holy_days else []
    fasts = [Kind.FAST] if protest.warn_of_fasts else []
    return holy_days + fasts + ([Kind.BANK_HOLIDAY] if protest.warn_of_bank_holidays else [])


def clashes_of(occasion: Occasion) -> list[Clash]:
    """Return an occasion's clashes, limited to the kinds that its organisers want to be warned about."""
    kinds = kinds_for(occasion.protest)
    zone, nation = occasion.protest.timezone, occasion.place.country
    return clashes(occasion.starts, occasion.ends, zone, nation, kinds) if kinds else []


def undecided(protest: Protest, now: datetime, ahead: timedelta) -> Iterator[Undecided]:
    """Yield the undecided occasions from `now` (aware) until `ahead` later, each with its clashes, in order.

    Load the protest with `with_dates` or `with_dates_to_come`.
    """
    today = now.astimezone(protest.zone).date()
    for occasion in protest.occasions(today - ONE_DAY, today + ahead):  # yesterday's may continue past midnight
        if occasion.change is None and occasion.ends > now and (found := clashes_of(occasion)):
            yield occasion, found
