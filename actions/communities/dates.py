"""Dates that recur every year in the civil or the Hebrew calendar. A Hebrew date begins the evening before."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from pyluach.dates import HebrewDate
from pyluach.hebrewcal import Year

ORDINARY_YEAR = 2027  # without 29 February
ADAR_2 = 13


class Rule(models.TextChoices):
    """The rules for working out the next date."""

    YEARLY = "yearly", _("the same date every year")
    HEBREW = "hebrew", _("the same Hebrew date every year")
    ONCE = "once", _("a single date")


class HebrewMonth(models.IntegerChoices):
    """The months of the Hebrew calendar, numbered from Nisan, as pyluach numbers them."""

    NISAN = 1, _("Nisan")
    IYAR = 2, _("Iyar")
    SIVAN = 3, _("Sivan")
    TAMMUZ = 4, _("Tammuz")
    AV = 5, _("Av")
    ELUL = 6, _("Elul")
    TISHRI = 7, _("Tishri")
    CHESHVAN = 8, _("Cheshvan")
    KISLEV = 9, _("Kislev")
    TEVET = 10, _("Tevet")
    SHEVAT = 11, _("Shevat")
    ADAR = 12, _("Adar (Adar II in a leap year)")


# Months that always have 30 days. Cheshvan and Kislev have 29 or 30, depending on the year.
FULL_MONTHS = {HebrewMonth.NISAN, HebrewMonth.SIVAN, HebrewMonth.AV, HebrewMonth.TISHRI, HebrewMonth.SHEVAT}


def days_in_every_year(month: int) -> int:
    """Return the number of days that a month (1 to 12) of the civil calendar has every year: 28 for February."""
    return monthrange(ORDINARY_YEAR, month)[1]


def hebrew_days_in_every_year(month: int) -> int:
    """Return the number of days that a Hebrew month (1 to 12, from Nisan) has every year: 29 or 30."""
    return 30 if month in FULL_MONTHS else 29


def next_yearly(month: int, day: int, today: date, days: int = 1) -> date:
    """Return the first day of the current or next occurrence, which lasts `days` days and isn't over before `today`."""
    starts = (date(today.year + more, month, day) for more in (-1, 0, 1))
    return _first_not_over(starts, today, days)


def next_hebrew(month: int, day: int, today: date, days: int = 1) -> date:
    """Return the first day of the current or next occurrence, as `next_yearly` does for a date in the civil calendar.

    The Hebrew date begins on the evening before the day that this returns. In a leap year, Adar means Adar II, in which
    Purim falls.
    """
    this_year = HebrewDate.from_pydate(today).year
    starts = (_in_hebrew_year(this_year + more, month, day) for more in (-1, 0, 1))
    return _first_not_over(starts, today, days)


def _in_hebrew_year(year: int, month: int, day: int) -> date:
    in_adar_2 = month == HebrewMonth.ADAR and Year(year).leap
    found: date = HebrewDate(year, ADAR_2 if in_adar_2 else month, day).to_pydate()
    return found


def _first_not_over(starts: Iterator[date], today: date, days: int) -> date:
    return next(start for start in starts if start + timedelta(days=days - 1) >= today)
