"""The next date, which comes first on a protest's page, and what has been cancelled or moved before it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.actions.factories import PlaceFactory
from tests.actions.protests.pages.reading import FIRST, NOW, SECOND, cancel, move, one_off, panel_of, source_of, text_of


def test_the_next_date_comes_first_with_its_place(client, weekly):
    panel = panel_of(client)

    assert "Next date Tuesday 24 November 2026, 6pm to 7pm The embassy 11 West Heath Road London" in panel
    assert "check with the organisers before you travel" in panel
    assert "Every Tuesday, 6pm to 7pm" in text_of(client)


def test_a_protest_past_midnight_reads_as_people_say_it(client, weekly):
    weekly.schedules.update(start_time=time(19), end_time=time(0))
    move(weekly, SECOND, new_start=time(22), new_end=time(1))

    assert "Next date Tuesday 24 November 2026, 7pm to midnight The embassy" in panel_of(client)
    assert "Every Tuesday, 7pm to midnight" in text_of(client)
    assert "Tuesday 1 December 2026, 10pm to 1am" in text_of(client)
    assert '"endDate": "2026-11-25T00:00:00+00:00"' in source_of(client)


def test_a_cancelled_date_and_its_reason_come_before_the_next_date(client, weekly):
    cancel(weekly, FIRST, note="No protest during Passover")
    panel = panel_of(client)

    cancelled = panel.index("Cancelled: Tuesday 24 November 2026, 6pm to 7pm No protest during Passover")
    assert cancelled < panel.index("Next date Tuesday 1 December 2026, 6pm to 7pm")


def test_a_later_cancelled_date_is_listed_with_its_reason(client, weekly):
    cancel(weekly, SECOND, note="A strike")

    assert "Cancelled" not in panel_of(client)
    assert "Cancelled: Tuesday 1 December 2026, 6pm to 7pm A strike" in text_of(client)


def test_the_next_date_is_found_after_many_cancelled_ones(client, weekly):
    for week in range(15):
        cancel(weekly, FIRST + timedelta(weeks=week))
    panel = panel_of(client)

    assert panel.count("Cancelled:") == 3
    assert "Next date Tuesday 9 March 2027, 6pm to 7pm" in panel


def test_a_moved_date_says_what_it_replaces(client, weekly):
    move(weekly, FIRST, new_start=time(17), new_place=PlaceFactory(name="The park"), note="Roadworks")
    panel = panel_of(client)

    assert "Next date Tuesday 24 November 2026, 5pm to 6pm The park" in panel
    assert "New time, instead of Tuesday 24 November 2026, 6pm to 7pm" in panel
    assert "New place, instead of The embassy" in panel
    assert "Roadworks" in panel


def test_a_date_moved_only_in_time_has_no_new_place(client, weekly):
    move(weekly, FIRST, new_start=time(17))

    assert "New time, instead of" in panel_of(client)
    assert "New place" not in panel_of(client)


def test_a_date_moved_past_the_next_one_is_announced_before_it(client, weekly):
    move(weekly, FIRST, new_on=date(2026, 12, 3))
    panel = panel_of(client)

    moved = panel.index("Not at the usual time: Tuesday 24 November 2026, 6pm to 7pm")
    assert panel.index("Moved to Thursday 3 December 2026, 6pm to 7pm") > moved
    assert panel.index("Next date Tuesday 1 December 2026, 6pm to 7pm") > moved
    assert text_of(client).count("Thursday 3 December 2026, 6pm to 7pm") == 2


def test_people_who_come_as_usual_see_that_it_was_held_earlier(client, weekly, time_machine):
    move(weekly, FIRST, new_on=date(2026, 11, 23), new_start=time(9))

    assert "Not at the usual time: Tuesday 24 November 2026, 6pm to 7pm" in panel_of(client)
    time_machine.move_to(datetime(2026, 11, 24, 19, tzinfo=UTC), tick=False)
    assert "Not at the usual time" not in panel_of(client)


def test_a_page_without_dates_says_so_politely(client, weekly):
    weekly.schedules.update(last_on=date(2026, 11, 17))

    assert "No date is planned at the moment Thank you for wanting to come." in panel_of(client)
    assert "Later dates" not in text_of(client)
    assert "application/ld+json" not in source_of(client)
    assert "poster.pdf" not in source_of(client)


def test_a_one_off_reads_like_one(client, weekly):
    one_off("vigil", date(2026, 12, 6))
    text = text_of(client, "/protests/vigil/")

    assert "When and where Sunday 6 December 2026, 6pm to 7pm" in text
    for words in ("Every", "every", "Following", "Next"):
        assert words not in text


def test_a_cancelled_one_off_says_so_first(client, weekly):
    vigil = one_off("vigil", date(2026, 12, 6))
    cancel(vigil, date(2026, 12, 6), note="A storm")
    panel = panel_of(client, "/protests/vigil/")

    assert panel.startswith("Cancelled: Sunday 6 December 2026, 6pm to 7pm A storm No date is planned")


@pytest.mark.parametrize(
    ("first", "words"),
    [(date(2026, 11, 23), "Every Tuesday, 6pm to 7pm"), (date(2027, 1, 4), "From 4 January 2027: every Tuesday, 6pm")],
)
def test_a_series_says_when_it_begins_until_it_has_begun(client, weekly, first, words):
    weekly.schedules.update(first_on=first)
    text = text_of(client)

    assert words in text
    assert ("From" in text) is (first > NOW.date())


def test_no_rule_is_shown_if_single_dates_follow_a_series(client, weekly):
    weekly.schedules.update(last_on=SECOND)
    day = date(2026, 12, 6)
    times = {"start_time": time(16), "end_time": time(17)}
    weekly.schedules.create(repeats="dates", days=[day], first_on=day, last_on=day, place=PlaceFactory(), **times)

    assert weekly.schedules_in_words == ["Every Tuesday, 6pm to 7pm", "Sunday 6 December 2026, 4pm to 5pm"]
    text = text_of(client)
    assert "Sunday 6 December 2026, 4pm to 5pm" in text
    assert "From" not in text
