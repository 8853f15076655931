"""Protests, their schedules and their changed dates in the admin, as organisers enter them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from actions.protests.models import Protest, ProtestChange, Schedule
from campaign.audit.models import AuditEntry
from campaign.versions.models import Version
from campaign.versions.restoring import NotRestorableError, bring_back
from tests.accounts.organisers import sign_in
from tests.actions.factories import PlaceFactory, ProtestFactory, ScheduleFactory
from tests.editing.filled_in import filled_in
from tests.factories import SiteSettingsFactory, publish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)
USUAL = {"repeats": "weekly", "weekdays": "1", "every": "1", "ordinal": "1", "first_on": "2020-07-28"}
NEW_CHANGE = {"changes__TOTAL_FORMS": "1", "changes__0__on": "2026-11-24"}


@pytest.fixture
def organiser(client, db, time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory()
    return sign_in(client)


@pytest.fixture
def protest(organiser):
    return ProtestFactory(slug="weekly", timezone="America/New_York")


def url_of(protest):
    return reverse("admin:protests_protest_change", args=[protest.pk])


def save(client, protest, **changes):
    """Post the protest form with these changes; return the response: a redirect, or the form with its errors."""
    url = url_of(protest)
    return client.post(url, filled_in(client.get(url), **changes))


def errors(response, formset):
    """Return the errors of the rows of one formset: a dictionary for each row with any."""
    found = [one.formset for one in response.context["inline_admin_formsets"] if one.formset.prefix == formset]
    return [dict(row) for row in found[0].errors if row]


# --- Changed dates


def test_a_moved_date_is_entered_in_the_protests_local_time(client, protest):
    response = save(client, protest, **NEW_CHANGE, changes__0__kind="moved", changes__0__new_start="3pm")

    assert response.status_code == 302
    assert protest.dates(NOW)[0].starts.isoformat() == "2026-11-24T15:00:00-05:00"
    assert str(protest.dates(NOW)[0]) == "Tuesday 24 November 2026, 3pm"


def test_an_unclear_time_is_refused_and_nothing_is_lost(client, protest):
    changes = {"changes__0__kind": "moved", "changes__0__new_start": "6", "changes__0__note": "Too dark"}
    response = save(client, protest, **NEW_CHANGE, **changes)

    assert errors(response, "changes") == [
        {"new_start": ["Is that in the morning or in the evening? Enter 6am or 6pm."]}
    ]
    assert filled_in(response)["changes-0-new_start"] == "6"
    assert filled_in(response)["changes-0-note"] == "Too dark"
    assert not ProtestChange.objects.exists()


def test_a_changed_date_has_to_be_a_regular_one_and_the_nearest_are_named(client, protest):
    response = save(client, protest, **NEW_CHANGE | {"changes__0__on": "2026-11-25"}, changes__0__kind="cancelled")

    assert errors(response, "changes") == [
        {
            "on": [
                "The protest isn’t held on Wednesday 25 November 2026. The nearest dates are Tuesday "
                "24 November 2026 and Tuesday 1 December 2026."
            ]
        }
    ]


def test_a_changed_date_is_checked_by_the_schedule_in_the_same_form(client, protest):
    fields = {"changes__0__kind": "cancelled", "schedules__0__weekdays": "2"}
    response = save(client, protest, **NEW_CHANGE | {"changes__0__on": "2026-11-25"}, **fields)

    assert response.status_code == 302
    assert protest.dates(NOW)[0].cancelled


def test_times_past_midnight_are_entered_as_people_say_them(client, protest):
    ends_at_midnight = {"schedules__0__start_time": "7pm", "schedules__0__end_time": "midnight"}
    times = {"changes__0__new_start": "10pm", "changes__0__new_end": "1am"}
    response = save(client, protest, **ends_at_midnight, **NEW_CHANGE, changes__0__kind="moved", **times)

    assert response.status_code == 302, errors(response, "changes")
    assert protest.schedules_in_words == ["Every Tuesday, 7pm to midnight"]
    assert [one.when for one in protest.dates(NOW, 2)] == [
        *("Tuesday 24 November 2026, 10pm to 1am", "Tuesday 1 December 2026, 7pm to midnight")
    ]


def test_the_form_does_not_list_every_place(client, protest):
    PlaceFactory(name="Town hall")
    ProtestChange.objects.create(protest=protest, on=TUESDAY, kind="cancelled")
    text = client.get(url_of(protest)).content.decode()

    assert str(protest.place) in text
    assert "Town hall" not in text


IMPOSSIBLE_CHANGES = [
    ({"kind": "moved"}, "new_on"),
    ({"kind": "moved", "new_end": "5pm"}, "new_end"),
    ({"kind": "moved", "new_start": "7pm", "new_end": "6pm"}, "new_end"),
    ({"kind": "moved", "new_start": "7pm", "new_end": "7pm"}, "new_end"),
    ({"kind": "moved", "new_on": "9999-12-31"}, "new_on"),
    ({"kind": "", "note": "A note"}, "kind"),
]


def test_impossible_changes_are_refused_beside_their_fields(client, protest):
    changes = {"changes__TOTAL_FORMS": str(len(IMPOSSIBLE_CHANGES))}
    for number, (fields, _field) in enumerate(IMPOSSIBLE_CHANGES):
        row = fields | {"on": str(TUESDAY + timedelta(weeks=number))}
        changes |= {f"changes__{number}__{name}": value for name, value in row.items()}
    response = save(client, protest, **changes)

    assert [list(row) for row in errors(response, "changes")] == [[field] for _fields, field in IMPOSSIBLE_CHANGES]


def test_the_rule_may_change_while_old_changed_dates_exist(client, protest):
    ProtestChange.objects.create(protest=protest, on=TUESDAY, kind="cancelled")
    response = save(client, protest, schedules__0__weekdays="3")

    assert response.status_code == 302
    assert [one.cancelled for one in protest.dates(NOW, 2)] == [False, False]
    publish(Protest.objects.get())


def test_old_changed_dates_are_left_alone(client, protest):
    days = [TUESDAY - timedelta(weeks=week - 100) for week in range(300)]
    ProtestChange.objects.bulk_create(ProtestChange(protest=protest, on=day, kind="cancelled") for day in days)
    response = save(client, protest, title="New title")

    assert response.status_code == 302
    assert ProtestChange.objects.count() == 300
    assert protest.next_date(NOW).on == TUESDAY + timedelta(weeks=101)


# --- Schedules


def test_another_schedule_takes_over_from_its_first_day(client, protest):
    new = USUAL | {"first_on": "2027-01-05"}
    times = {"start_time": "7pm", "end_time": "8pm", "place": protest.place.pk}
    fields = {f"schedules__1__{name}": value for name, value in (new | times).items()}
    response = save(client, protest, schedules__TOTAL_FORMS="2", **fields)

    assert response.status_code == 302
    starts = [one.starts.strftime("%d %b %H:%M") for one in protest.dates(NOW, 7)]
    assert starts[5:] == ["29 Dec 18:00", "05 Jan 19:00"]


IMPOSSIBLE_SCHEDULES = [
    ({"weekdays": []}, "weekdays"),
    ({"start_time": "6"}, "start_time"),
    ({"end_time": "5pm"}, "end_time"),
    ({"end_time": "6pm"}, "end_time"),
    ({"repeats": "dates", "days": ""}, "days"),
    ({"repeats": "dates", "days": "soon"}, "days"),
    ({"repeats": "dates", "days": "6 December 1066"}, "days"),
    ({"last_on": "2020-07-27"}, "last_on"),
    ({"first_on": "2026-11-25", "last_on": "2026-11-28"}, "last_on"),
    ({"first_on": ""}, "first_on"),
    ({"first_on": "0001-01-01"}, "first_on"),
    ({"every": "0"}, "every"),
    ({"every": "99999999999"}, "every"),
    ({"place": ""}, "place"),
]


def test_impossible_schedules_are_refused_beside_their_fields(client, protest):
    usual = USUAL | {"start_time": "6pm", "end_time": "7pm", "place": protest.place.pk}
    changes = {"schedules__TOTAL_FORMS": str(len(IMPOSSIBLE_SCHEDULES))}
    for number, (fields, _field) in enumerate(IMPOSSIBLE_SCHEDULES):
        changes |= {f"schedules__{number}__{name}": value for name, value in (usual | fields).items()}
    response = save(client, protest, **changes)

    assert response.status_code == 200
    assert [list(row) for row in errors(response, "schedules")] == [[field] for _fields, field in IMPOSSIBLE_SCHEDULES]
    assert protest.schedules.get().start_time == time(18)


@pytest.mark.parametrize(
    ("first_on", "error"),
    [
        ("2020-07-28", "Another schedule begins on that day."),
        ("2020-07-27", "The schedule from Tuesday 28 July 2020 leaves this one without a date. Remove one of the two."),
    ],
)
def test_a_schedule_hidden_by_another_is_refused(client, protest, first_on, error):
    ScheduleFactory(protest=protest, first_on=date(2027, 1, 5))
    response = save(client, protest, schedules__1__first_on=first_on)

    assert errors(response, "schedules") == [{"first_on": [error]}]


def test_the_last_schedule_cannot_be_deleted(client, protest):
    response = save(client, protest, schedules__0__DELETE="on")

    assert "Keep one schedule" in response.content.decode()
    assert protest.schedules.count() == 1


def test_a_vigil_on_one_day_is_added_with_nothing_but_its_date(client, organiser):
    url, place = reverse("admin:protests_protest_add"), PlaceFactory()
    fields = {"repeats": "dates", "days": "6 December 2026", "start_time": "4pm", "end_time": "5pm", "place": place.pk}
    filled = {f"schedules__0__{name}": value for name, value in fields.items()}
    response = client.post(url, filled_in(client.get(url), title="Vigil", slug="vigil", **filled))

    assert response.status_code == 302, errors(response, "schedules")
    assert Schedule.objects.get().in_words == "Sunday 6 December 2026, 4pm to 5pm"


def test_the_form_shows_the_next_dates_in_words(client, protest):
    ProtestChange.objects.create(protest=protest, on=TUESDAY, kind="cancelled")
    text = client.get(url_of(protest)).content.decode()

    assert "Tuesday 24 November 2026, 6pm: cancelled" in text
    assert "Tuesday 22 December 2026, 6pm" in text
    assert 'value="6pm"' in text
    assert "protest.js" in text


def test_a_protest_that_cannot_be_read_can_be_opened_and_corrected(client, protest):
    Protest.objects.update(timezone="Europe/Atlantis")
    Schedule.objects.update(weekdays=[])
    assert client.get(reverse("admin:protests_protest_changelist")).status_code == 200

    assert save(client, protest).status_code == 200
    assert save(client, protest, timezone="Europe/London", schedules__0__weekdays="1").status_code == 302


def test_the_audit_log_names_what_was_changed(client, protest):
    save(client, protest, **NEW_CHANGE, changes__0__kind="cancelled")

    entry = AuditEntry.objects.filter(model="protests.protest").latest("pk")
    assert entry.detail["parts"] == ["protests.protestchange"]


def test_a_deleted_protest_comes_back_with_its_schedule_unless_the_place_is_gone(client, protest):
    place, version = protest.place, Version.objects.newest_of_deleted(Protest)
    uid = protest.uid
    protest.delete()
    assert bring_back(Protest, version.get()).uid == uid
    assert Protest.objects.get().schedules_in_words == ["Every Tuesday, 6pm to 7pm"]

    Protest.objects.get().delete()
    place.delete()
    with pytest.raises(NotRestorableError, match="this has been deleted: place"):
        bring_back(Protest, version.get())
    assert not Protest.objects.exists()
