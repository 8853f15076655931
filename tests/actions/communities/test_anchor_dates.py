"""The calendar of the plan for communities: anchor dates in the civil and the Hebrew calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st
from pyluach.dates import HebrewDate

from actions.communities.dates import HebrewMonth, hebrew_days_in_every_year, next_hebrew, next_yearly
from actions.communities.models import AnchorDate
from tests.actions.communities.conftest import HUMAN_RIGHTS_DAY, PASSOVER
from tests.actions.communities.factories import PlanFactory

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_the_calendar_shows_the_next_date_of_each_anchor_date(client):
    once = {"title": "A vigil", "rule": "once", "on": date(2026, 12, 6)}
    PlanFactory(anchors=[PASSOVER, HUMAN_RIGHTS_DAY, once, once | {"title": "Over", "on": date(2026, 11, 25)}])

    with time_machine.travel(NOW, tick=False):
        text = client.get("/community/").content.decode()
    assert text.index("6 December 2026") < text.index("10 December 2026") < text.index("22 April 2027")
    assert "29 April 2027" in text
    assert text.count("begins the evening before") == 1
    assert "Over" not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (HUMAN_RIGHTS_DAY | {"day": None}, "day"),
        (HUMAN_RIGHTS_DAY | {"month": 2, "day": 29}, "day"),
        (HUMAN_RIGHTS_DAY | {"month": 13}, "month"),
        (PASSOVER | {"hebrew_month": None}, "hebrew_month"),
        (PASSOVER | {"hebrew_month": HebrewMonth.CHESHVAN, "day": 30}, "day"),
        ({"title": "A vigil", "rule": "once"}, "on"),
        ({"title": "A vigil", "rule": "never"}, "rule"),
        ({"title": "A vigil", "rule": "once", "on": date(9999, 12, 31), "days": 15}, "days"),
    ],
)
def test_an_impossible_date_is_refused_and_breaks_no_page(client, fields, wrong):
    plan = PlanFactory(publish=False)
    anchor = AnchorDate(plan=plan, order=1, **fields)

    with pytest.raises(ValidationError) as error:
        anchor.full_clean()
    assert wrong in error.value.message_dict
    anchor.save()
    plan.publish(check=False)
    assert client.get("/community/").status_code == 200


@given(
    today=st.dates(date(2000, 1, 1), date(2200, 1, 1)),
    month=st.sampled_from(HebrewMonth.values),
    day=st.integers(1, 29),
    days=st.integers(1, 14),
)
@example(today=date(2026, 9, 15), month=HebrewMonth.ELUL, day=29, days=10)  # it began in the year before
def test_the_next_hebrew_date_is_the_first_that_is_not_over(today, month, day, days):
    found = next_hebrew(month, day, today, days)
    assert (found - today).days > -days
    assert (found - today).days < 385
    hebrew = HebrewDate.from_pydate(found)
    assert hebrew.day == day
    assert hebrew.month in ((12, 13) if month == HebrewMonth.ADAR else (month,))
    assert next_hebrew(month, day, found, days) == found
    assert next_hebrew(month, day, today - timedelta(days=days - 1)) == found


@pytest.mark.parametrize("year", range(2026, 2046))
def test_hebrew_festivals_agree_with_pyluach(year):
    names = {(1, 15): "Pesach", (3, 6): "Shavuos", (7, 1): "Rosh Hashana", (9, 25): "Chanuka", (12, 14): "Purim"}
    for (month, day), name in names.items():
        found = next_hebrew(month, day, date(year, 1, 1))
        assert HebrewDate.from_pydate(found).holiday(israel=False) == name


def test_every_day_allowed_in_a_hebrew_month_occurs_every_year():
    for month in HebrewMonth.values:
        for year in range(2026, 2060):
            next_hebrew(month, hebrew_days_in_every_year(month), date(year, 1, 1))


def test_an_occurrence_is_still_shown_on_its_last_day():
    assert next_yearly(12, 28, date(2027, 1, 3), days=7) == date(2026, 12, 28)
    assert next_yearly(12, 28, date(2027, 1, 4), days=7) == date(2027, 12, 28)
