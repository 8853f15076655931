"""Inputs for times and dates, as people type them."""

from datetime import date, time

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from campaign.forms.clock import ClockField
from campaign.forms.dates import DatesField
from campaign.text.times import time_in_words


class Form(forms.Form):
    """One time and a list of dates."""

    at = ClockField(required=False)
    days = DatesField(most=3, required=False)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("6pm", time(18)),
        ("6 pm", time(18)),
        ("6 P.M.", time(18)),
        ("6.30pm", time(18, 30)),
        ("6:30 am", time(6, 30)),
        ("18:30", time(18, 30)),
        ("18.30", time(18, 30)),
        ("18h30", time(18, 30)),
        ("18:30:00", time(18, 30)),
        ("06:30", time(6, 30)),
        ("noon", time(12)),
        ("12 noon", time(12)),
        ("Midday", time(12)),
        ("12pm", time(12)),
        ("midnight", time(0)),
        ("12am", time(0)),
        ("12:15am", time(0, 15)),
        ("", None),
    ],
)
def test_a_time_is_understood_as_people_type_it(typed, clock):
    form = Form({"at": typed})

    assert form.is_valid()
    assert form.cleaned_data["at"] == clock


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("6", "Is that in the morning or in the evening? Enter 6am or 6pm."),
        ("6:30", "Is that in the morning or in the evening? Enter 6:30am or 6:30pm."),
        ("12", "Is that midday or midnight? Enter the word that you mean."),
        ("18", "Enter a time such as 6pm, 6:30pm or 18:30."),
        ("sixish", "Enter a time such as 6pm, 6:30pm or 18:30."),
        ("25:00", "There is no such time. Enter one such as 6pm, 6:30pm or 18:30."),
        ("18:75", "There is no such time. Enter one such as 6pm, 6:30pm or 18:30."),
        ("13pm", "There is no such time. Enter one such as 6pm, 6:30pm or 18:30."),
        ("0am", "There is no such time. Enter one such as 6pm, 6:30pm or 18:30."),
        ("٦pm", "Enter a time such as 6pm, 6:30pm or 18:30."),
    ],
)
def test_an_unclear_time_is_refused_with_an_example_and_stays_in_its_box(typed, error):
    form = Form({"at": typed})

    assert form.errors["at"] == [error]
    assert f'value="{typed}"' in str(form["at"])


@given(st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0)))
def test_the_box_understands_the_time_that_it_shows(clock):
    form = Form(initial={"at": clock})

    assert f'value="{time_in_words(clock)}"' in str(form["at"])
    assert Form({"at": time_in_words(clock)}).fields["at"].clean(time_in_words(clock)) == clock
    assert not Form({"at": time_in_words(clock)}, initial={"at": clock}).has_changed()


def test_dates_are_typed_one_on_each_line():
    form = Form({"days": "Sun 6 December 2026\r\n- 2nd Dec 2026\n\n06/12/2026\n2026-12-24,"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["days"] == [date(2026, 12, 2), date(2026, 12, 6), date(2026, 12, 24)]


def test_dates_are_shown_as_they_may_be_typed():
    days = [date(2026, 12, 2), date(2026, 12, 6)]

    assert "2 December 2026\n6 December 2026" in str(Form(initial={"days": days})["days"])
    assert not Form({"days": "6 December 2026\n2 December 2026"}, initial={"days": days}).has_changed()


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ("31 November 2026", ["“31 November 2026” is not a date. Enter one on each line, such as 6 December 2026."]),
        ("1/1/2027\n2/1/2027\n3/1/2027\n4/1/2027", ["Enter at most 3 dates."]),
    ],
)
def test_lines_that_are_not_dates_are_quoted_in_the_error(typed, errors):
    form = Form({"days": typed})

    assert form.errors["days"] == errors
    assert typed in str(form["days"])
