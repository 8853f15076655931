"""Jewish holy days and fasts, worked out without the library under test.

The arithmetic of the fixed calendar is from Dershowitz and Reingold, "Calendrical Calculations": the new year falls on
the day of the mean new moon of Tishri, delayed by the four rules; the rest of the year follows from two new years.
"""

from datetime import date, timedelta

# 1 Tishri of the year 1 in the proleptic Gregorian calendar, as an ordinal of `datetime.date`.
EPOCH = -1373427
# The days of yom tov: how many days after the new year, and how many after the first day of Passover.
FROM_NEW_YEAR = (0, 1, 9, 14, 15, 21, 22)
FROM_PASSOVER = (0, 1, 6, 7, 50, 51)


def elapsed(year):
    """Return the number of days from the epoch to the new year, before applying the last two delay rules."""
    months = (235 * year - 234) // 19
    days = 29 * months + (12084 + 13753 * months) // 25920
    return days + 1 if 3 * (days + 1) % 7 < 3 else days


def new_year(year):
    """Return 1 Tishri of a Jewish year."""
    last, this, following = (elapsed(one) for one in (year - 1, year, year + 1))
    delay = 2 if following - this == 356 else int(this - last == 382)
    return date.fromordinal(EPOCH + this + delay)


def passover(year):
    """Return 15 Nisan, which is always 163 days before the new year that follows."""
    return new_year(year + 1) - timedelta(163)


def yom_tov(years):
    """Return every day in the Jewish years on which work is forbidden outside Israel."""
    return {
        first + timedelta(number)
        for year in years
        for first, numbers in ((new_year(year), FROM_NEW_YEAR), (passover(year), FROM_PASSOVER))
        for number in numbers
    }


def fasts(years):
    """Return the five fasts of each Jewish year. On a Saturday, they move to Sunday, or Esther's to Thursday."""
    found = set()
    for year in years:
        first, spring = new_year(year), passover(year)
        length = (new_year(year + 1) - first).days
        # Cheshvan and Kislev have 58 to 60 days between them, depending on the length of the year.
        tenth_of_tevet = first + timedelta(30 + {3: 58, 4: 59, 5: 60}[length % 10] + 9)
        esther = spring - timedelta(31)
        found |= {tenth_of_tevet, esther - timedelta(2) if esther.weekday() == 5 else esther}
        for day in (first + timedelta(2), spring + timedelta(91), spring + timedelta(112)):
            found.add(day + timedelta(1) if day.weekday() == 5 else day)
    return found
