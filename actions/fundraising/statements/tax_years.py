"""Tax years in the United Kingdom: 6 April to 5 April (https://www.gov.uk/self-assessment-tax-returns/deadlines)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

MONTH, DAY = 4, 6
# Donors can claim tax back for four years after a tax year ends. With this year and last year, that makes six.
YEARS = 6


@dataclass(frozen=True)
class TaxYear:
    """The tax year that begins in the calendar year `first`."""

    first: int

    @classmethod
    def of(cls, day: date) -> "TaxYear":
        """Return the tax year that contains a day."""
        return cls(day.year if (day.month, day.day) >= (MONTH, DAY) else day.year - 1)

    @property
    def begins_at(self) -> datetime:
        """Return the first moment of the tax year in the site's time zone (aware)."""
        return timezone.make_aware(datetime.combine(date(self.first, MONTH, DAY), time.min))

    @property
    def ends_before(self) -> datetime:
        """Return the first moment after the tax year in the site's time zone (aware)."""
        return TaxYear(self.first + 1).begins_at

    def __str__(self) -> str:
        days = date(self.first, MONTH, DAY), date(self.first + 1, MONTH, DAY) - timedelta(days=1)
        first, last = (date_format(day, "j F Y") for day in days)
        return _("%(first)s to %(last)s") % {"first": first, "last": last}


def recent_years(today: date) -> list[TaxYear]:
    """Return the current tax year and the five before it, newest first."""
    newest = TaxYear.of(today).first
    return [TaxYear(first) for first in range(newest, newest - YEARS, -1)]
