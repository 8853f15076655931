"""Clashes with days on which people may be unable to come: Jewish holy days and fasts, Shabbat, and bank holidays.

A Jewish day begins at sunset on the evening before. Sunset depends on place and season. So that no clash is missed, we
treat the day as beginning at 16:00 local time and ending at midnight. An organiser may still keep the date.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.utils.translation import gettext_lazy as _
from pyluach.dates import HebrewDate

# When the eve of a holy day begins, in local time.
EVE_BEGINS = time(16)
SATURDAY = 5
ONE_DAY = timedelta(days=1)
ENGLISH = ("en_GB", "en_US")
UNITED_KINGDOM = "GB"
# Enough days for ten years.
MAX_CACHED = 4096
# The days on which work is forbidden outside Israel, by the month (Nisan is 1) and day of the Hebrew calendar.
YOM_TOV: dict[tuple[int, int], Any] = {
    (1, 15): _("Passover (first day)"),
    (1, 16): _("Passover (second day)"),
    (1, 21): _("Passover (seventh day)"),
    (1, 22): _("Passover (eighth day)"),
    (3, 6): _("Shavuot (the Festival of Weeks, first day)"),
    (3, 7): _("Shavuot (the Festival of Weeks, second day)"),
    (7, 1): _("Rosh Hashanah (the Jewish New Year, first day)"),
    (7, 2): _("Rosh Hashanah (the Jewish New Year, second day)"),
    (7, 10): _("Yom Kippur (the Day of Atonement)"),
    (7, 15): _("Sukkot (the Festival of Booths, first day)"),
    (7, 16): _("Sukkot (the Festival of Booths, second day)"),
    (7, 22): _("Shemini Atzeret (at the end of Sukkot)"),
    (7, 23): _("Simchat Torah (at the end of Sukkot)"),
}
# pyluach's names for the fasts. Only the last begins on the evening before; the others begin at dawn.
NINTH_OF_AV = "9 of Av"
FASTS: dict[str, Any] = {
    "Tzom Gedalia": _("the Fast of Gedaliah"),
    "10 of Teves": _("the Fast of the Tenth of Tevet"),
    "Taanis Esther": _("the Fast of Esther"),
    "17 of Tamuz": _("the Fast of the Seventeenth of Tammuz"),
    NINTH_OF_AV: _("Tisha B’Av (the Fast of the Ninth of Av)"),
}


class Kind(StrEnum):
    """The kinds of clash, the most serious first. A yom tov is a holy day on which work is forbidden."""

    YOM_TOV = "yom-tov"
    EVE = "eve"
    FAST = "fast"
    SHABBAT = "shabbat"
    BANK_HOLIDAY = "bank-holiday"


EVERY_KIND = tuple(Kind)


@dataclass(frozen=True)
class Clash:
    """A clash with the day `on`. `name` is in English, unless the library that lists bank holidays has no English name.

    `sentence` is for organisers; `note` is the reason that visitors see if the date is cancelled.
    """

    kind: Kind
    on: date
    name: str
    sentence: str
    note: str


def clashes(
    starts: datetime, ends: datetime, zone: str, nation: str, kinds: Collection[Kind] = EVERY_KIND
) -> list[Clash]:
    """Return the clashes for anything held between two aware times, the most serious first.

    `nation` is where it takes place, such as GB-SCT or FR; no bank holidays are known for "" or an unknown one. `kinds`
    says what to look for. Raises LookupError or ValueError for an unknown `zone`.
    """
    here = ZoneInfo(zone)
    begins, finishes = starts.astimezone(here), ends.astimezone(here)
    found: list[Clash] = []
    for day in _days(begins, finishes):
        evening = datetime.combine(day, EVE_BEGINS, here)
        found += _holy_days(day, begins >= evening)
        if finishes > evening:
            found += _beginning_after(day)
        found += _bank_holidays(day, nation)
    return _in_order(one for one in found if one.kind in kinds)


@lru_cache(maxsize=256)
def bank_holidays_of(nation: str, year: int) -> dict[date, str]:
    """Return the names of a nation's bank holidays in a year, by date. They are in English if the library has it."""
    country, _dash, part = nation.partition("-")
    language = _english(country)
    try:
        found = holidays.country_holidays(country, part or None, years=year, expand=False, language=language)
    except NotImplementedError:
        return {}
    return {day: _as_printed(name, country) for day, name in found.items()}


def _as_printed(name: str, country: str) -> str:
    """Return a name with a curly apostrophe and, in the United Kingdom, GOV.UK's word for a moved holiday."""
    name = name.replace("'", "’")
    return name.replace("(observed)", "(substitute day)") if country == UNITED_KINGDOM else name


def _english(country: str) -> str | None:
    """Return the library's code for English names in a country, or None if it has none in English."""
    known = holidays.list_localized_countries().get(country, [])
    return next((language for language in ENGLISH if language in known), None)


def _days(begins: datetime, finishes: datetime) -> Iterator[date]:
    """Yield each calendar day on which something takes place, without the next day if it ends at midnight."""
    last = max(begins, finishes - timedelta.resolution).date()
    for number in range((last - begins.date()).days + 1):
        yield begins.date() + number * ONE_DAY


def _in_order(found: Iterable[Clash]) -> list[Clash]:
    """Return each clash once, the most serious first. The eve of a day is left out if the day itself is a clash too."""
    once = {(one.kind, one.on): one for one in found}
    kept = [one for one in once.values() if one.kind != Kind.EVE or (Kind.YOM_TOV, one.on) not in once]
    return sorted(kept, key=lambda one: (EVERY_KIND.index(one.kind), one.on))


def _holy_days(day: date, is_evening: bool) -> Iterator[Clash]:
    """Yield the holy day, fast or Shabbat that falls on a day. For its last evening, the sentence says that it ends."""
    ends = is_evening and not (_yom_tov(day + ONE_DAY) or _shabbat(day + ONE_DAY))
    sentence = _("It is %(day)s, which ends at nightfall.") if ends else _("It is %(day)s.")
    for kind, name in ((Kind.YOM_TOV, _yom_tov(day)), (Kind.FAST, _fast(day)), (Kind.SHABBAT, _shabbat(day))):
        if name:
            yield _clash(kind, day, name, sentence, _("No protest: %(day)s"))


def _beginning_after(day: date) -> Iterator[Clash]:
    """Yield any clash that begins on the evening of a day. A festival's first day already implies its second."""
    tomorrow = day + ONE_DAY
    note = _("No protest: %(day)s begins this evening")
    if _yom_tov(tomorrow) and not _yom_tov(day):
        sentence = _("It is the eve of %(day)s, which begins that evening.")
        yield _clash(Kind.EVE, tomorrow, _yom_tov(tomorrow), sentence, note)
    begins = _("It is the evening on which %(day)s begins.")
    if _fast(tomorrow) == FASTS[NINTH_OF_AV]:
        yield _clash(Kind.FAST, tomorrow, _fast(tomorrow), begins, note)
    if name := _shabbat(tomorrow):
        yield _clash(Kind.SHABBAT, tomorrow, name, begins, note)


def _bank_holidays(day: date, nation: str) -> Iterator[Clash]:
    name = bank_holidays_of(nation, day.year).get(day)
    if name:
        is_british = nation.startswith(UNITED_KINGDOM)
        sentence = _("It is a bank holiday: %(day)s.") if is_british else _("It is a public holiday: %(day)s.")
        yield _clash(Kind.BANK_HOLIDAY, day, name, sentence, _("No protest: %(day)s"))


def _clash(kind: Kind, on: date, name: Any, sentence: Any, note: Any) -> Clash:
    return Clash(kind, on, str(name), sentence % {"day": name}, note % {"day": name})


@lru_cache(maxsize=MAX_CACHED)
def _yom_tov(day: date) -> Any:
    """Return the name of a day on which work is forbidden outside Israel, or "" for another day."""
    hebrew = HebrewDate.from_pydate(day)
    is_one = hebrew.festival(israel=False, include_working_days=False)
    return YOM_TOV[hebrew.month, hebrew.day] if is_one else ""


@lru_cache(maxsize=MAX_CACHED)
def _fast(day: date) -> Any:
    return FASTS.get(HebrewDate.from_pydate(day).fast_day() or "", "")


def _shabbat(day: date) -> Any:
    return _("Shabbat (the Jewish day of rest)") if day.weekday() == SATURDAY else ""
