"""Days and times in words."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from campaign.text.times import listed, time_in_words, times_in_words


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (time(16), "4pm"),
        (time(6, 30), "6:30am"),
        (time(18, 5), "6:05pm"),
        (time(0), "midnight"),
        (time(0, 15), "12:15am"),
        (time(12), "midday"),
        (time(12, 30), "12:30pm"),
    ],
)
def test_a_time_reads_as_gov_uk_writes_it(clock, words):
    assert time_in_words(clock) == words


def test_a_range_of_times_reads_as_people_say_it():
    assert times_in_words(time(11), time(12, 30)) == "11am to 12:30pm"


def test_templates_show_the_local_time():
    starts = datetime(2026, 12, 6, 16, tzinfo=ZoneInfo("America/New_York"))
    template = Template("{% load times %}{{ starts|moment }}; {{ starts|day }}; {{ starts|clock }}; {{ on|day }}")

    words = "Sunday 6 December 2026, 4pm; Sunday 6 December 2026; 4pm; Monday 7 December 2026"
    assert template.render(Context({"starts": starts, "on": date(2026, 12, 7)})) == words


@pytest.mark.parametrize(("items", "words"), [("", ""), ("A", "A"), ("AB", "A and B"), ("ABC", "A, B and C")])
def test_a_list_reads_as_people_say_it(items, words):
    assert listed(list(items)) == words
