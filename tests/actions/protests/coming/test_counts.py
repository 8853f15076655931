"""The published count of people who are coming, which gives nobody away."""

from datetime import timedelta

import pytest

from actions.protests.coming.counting import publish_attendee_counts
from actions.protests.models import Attendee
from tests.actions.factories import AttendeeFactory
from tests.actions.protests.coming.conftest import NOW, TUESDAY

HOUR = timedelta(hours=1)


@pytest.fixture
def shown(client, protest):
    """Publish counts `hours` later; return what the page says, such as "More than 20", or "" for nothing."""

    def shown(hours):
        publish_attendee_counts(NOW + HOUR * hours)
        text = client.get("/protests/weekly/").content.decode()
        start = text.find("More than")
        return "" if start < 0 else " ".join(text[start:].split()[:3])

    return shown


def coming(protest, number):
    return AttendeeFactory.create_batch(number, protest=protest, on=TUESDAY)


def test_the_count_is_hidden_up_to_ten_and_then_shown_in_tens(protest, shown):
    coming(protest, 10)
    AttendeeFactory.create_batch(9, protest=protest, on=TUESDAY, confirmed_at=None)
    assert [shown(0), shown(2)] == ["", ""]
    coming(protest, 13)
    assert shown(4) == "More than 20"


def test_the_count_moves_at_most_once_an_hour_and_for_no_fewer_than_three_people(protest, shown):
    coming(protest, 19)
    assert [shown(0), shown(1)] == ["", "More than 10"]
    coming(protest, 2)
    assert shown(3) == "More than 10"
    coming(protest, 1)
    assert shown(5) == "More than 20"
    coming(protest, 20)
    assert [shown(5.5), shown(6)] == ["More than 20", "More than 40"]


def test_the_count_does_not_fall_when_somebody_drops_out(protest, shown):
    coming(protest, 21)
    assert [shown(0), shown(1)] == ["", "More than 20"]
    Attendee.objects.filter(pk=Attendee.objects.first().pk).erase()
    assert shown(3) == "More than 20"


def test_dates_are_counted_separately_in_few_queries(protest, django_assert_max_num_queries):
    coming(protest, 3)
    AttendeeFactory(on=TUESDAY)
    publish_attendee_counts(NOW)
    with django_assert_max_num_queries(4):
        assert publish_attendee_counts(NOW + HOUR) == 1
