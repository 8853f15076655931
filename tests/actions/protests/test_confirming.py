"""Confirming that a protest will take place, and the caution that visitors see until then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from actions.protests.models import CONFIRMED_FOR, Protest
from campaign.desk.tasks import all_tasks
from tests.accounts.organisers import sign_in
from tests.actions.factories import ProtestFactory, ScheduleFactory
from tests.editing.filled_in import filled_in
from tests.factories import SiteSettingsFactory

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
CAUTION = "check with the organisers before you travel"
CONFIRMED = "Confirmed by the organisers on 3 November 2026"
PAGES = ["/", "/protests/", "/protests/weekly/"]
CALENDARS = ["/protests/weekly.ics", "/protests/calendar.ics"]


@pytest.fixture
def protest(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory()
    return ProtestFactory(slug="weekly", title="Every Tuesday")


def shown(client, path):
    """Return what visitors read on a page, or in every event of a calendar."""
    content = client.get(path).content
    if not path.endswith(".ics"):
        return content.decode()
    return "".join(str(event["description"]) for event in Calendar.from_ical(content).walk("VEVENT"))


def save(client, protest, **changes):
    """Change some fields of a protest in the admin, and save it."""
    url = f"/admin/protests/protest/{protest.pk}/change/"
    assert client.post(url, filled_in(client.get(url), **changes)).status_code == 302
    protest.refresh_from_db()


@pytest.mark.parametrize("path", PAGES + CALENDARS)
def test_visitors_are_advised_to_check_until_an_organiser_confirms(client, protest, path):
    assert CAUTION in shown(client, path)

    Protest.objects.update(confirmed_on=NOW.date())
    assert CONFIRMED in shown(client, path)
    assert CAUTION not in shown(client, path)


def test_a_confirmation_expires(client, protest, time_machine):
    Protest.objects.update(confirmed_on=NOW.date())
    time_machine.move_to(NOW + CONFIRMED_FOR - timedelta(days=1), tick=False)
    assert CONFIRMED in shown(client, "/protests/weekly/")

    time_machine.move_to(NOW + CONFIRMED_FOR, tick=False)
    assert CAUTION in shown(client, "/protests/weekly/")


def test_an_organiser_confirms_with_a_tick_box_and_is_not_named(client, protest):
    user = sign_in(client)
    save(client, protest, confirm="on")

    assert (protest.confirmed_on, protest.confirmed_by) == (NOW.date(), user)
    assert user.username not in shown(client, "/protests/weekly/")


NEW_SCHEDULE = {
    **{"schedules__TOTAL_FORMS": "2", "schedules__1__repeats": "dates", "schedules__1__days": "5 January 2027"},
    **{"schedules__1__start_time": "7pm", "schedules__1__end_time": "8pm"},
    **{"schedules__1__every": "1", "schedules__1__ordinal": "1"},
}
CHANGED_DATE = {"changes__TOTAL_FORMS": "1", "changes__0__on": "2026-11-24", "changes__0__kind": "cancelled"}


@pytest.mark.parametrize(
    ("changes", "stays"),
    [
        ({"schedules__0__start_time": "5pm"}, False),
        ({"schedules__0__weekdays": "2"}, False),
        ({"timezone": "Europe/Paris"}, False),
        (NEW_SCHEDULE, False),
        (NEW_SCHEDULE | {"confirm": "on"}, True),
        (CHANGED_DATE, True),
        ({"title": "New"}, True),
    ],
)
def test_a_change_to_the_time_or_place_ends_a_confirmation(client, protest, changes, stays):
    sign_in(client)
    save(client, protest, confirm="on")
    if "schedules__TOTAL_FORMS" in changes:
        changes = changes | {"schedules__1__place": protest.place.pk}
    save(client, protest, **changes)

    assert (protest.confirmed_on is not None) is stays


@pytest.mark.parametrize(
    ("changes", "stays"), [({"address": "1 New Street"}, False), ({"stations": "Golders Green"}, True)], ids=str
)
@pytest.mark.parametrize("used", [True, False])
def test_correcting_a_place_ends_the_confirmations_of_its_protests(client, protest, changes, stays, used):
    sign_in(client)
    place = protest.place
    if not used:
        ScheduleFactory(protest=protest, first_on=date(2026, 1, 6))  # elsewhere since then
    save(client, protest, confirm="on")
    url = f"/admin/protests/place/{place.pk}/change/"
    assert client.post(url, filled_in(client.get(url), **changes)).status_code == 302

    protest.refresh_from_db()
    assert (protest.confirmed_on is not None) is (stays or not used)


def test_the_desk_asks_for_a_confirmation(protest):
    def asked():
        return [task.url for task in all_tasks() if "Every Tuesday" in task.text]

    assert asked() == [f"/admin/protests/protest/{protest.pk}/change/#id_confirm"]
    for state in ({"confirmed_on": NOW.date()}, {"published": False}):
        Protest.objects.update(**{"confirmed_on": None, "published": True} | state)
        assert asked() == []
    Protest.objects.update(confirmed_on=None, published=True)
    protest.schedules.update(last_on=date(2026, 11, 2))
    assert asked() == []
    ScheduleFactory(protest=protest, first_on=date(2026, 12, 1))
    assert asked()
