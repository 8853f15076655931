"""Cancelling, moving and reinstating one date in the admin."""

from datetime import UTC, date, datetime, time

import pytest

from actions.protests.models import Place, Protest, ProtestChange
from campaign.audit.models import AuditEntry
from tests.accounts.organisers import sign_in
from tests.actions.protests.months.tuesdays import date_url, month_url, sign_in_to_look, tuesdays
from tests.editing.filled_in import Fields

NOW = datetime(2027, 4, 14, 12, tzinfo=UTC)
ON = date(2027, 4, 27)
AWAY = {"new_on": "2027-04-28", "new_start": "5pm"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def protest(time_machine, client):
    time_machine.move_to(NOW, tick=False)
    sign_in(client)
    return tuesdays()


def opened(client, protest, what, on=ON):
    """Return the fields of a form as a browser would post them."""
    fields = Fields("")
    fields.inside = True
    fields.feed(client.get(date_url(protest, on, what)).content.decode().split("novalidate>")[1])
    return fields.values


def send(client, protest, what, on=ON, **answers):
    return client.post(date_url(protest, on, what), answers)


def the_change(protest):
    return ProtestChange.objects.get(protest=protest)


def said(response):
    return " ".join(str(message) for message in response.wsgi_request._messages)


def entries():
    return list(AuditEntry.objects.filter(model="protests.protest").values_list("act", "detail"))


def test_the_form_suggests_the_day_as_the_reason(client, protest):
    assert opened(client, protest, "cancel")["note"] == "No protest: Passover (seventh day) begins this evening"
    assert opened(client, protest, "cancel", "2027-04-20")["note"] == ""


def test_cancelling_stores_the_reason_and_says_what_visitors_see(client, protest):
    response = send(client, protest, "cancel", note="Everybody is ill")

    assert (the_change(protest).kind, the_change(protest).note) == ("cancelled", "Everybody is ill")
    assert response.url == month_url(protest) + "#day-2027-04-27"
    assert said(response) == (
        "Tuesday 27 April 2027 is cancelled. Visitors see this at once. The next date is Tuesday 20 April 2027, 6pm."
    )
    assert "Everybody is ill" in client.get("/protests/weekly/").content.decode()


def test_cancelling_without_a_reason_is_refused_beside_the_field(client, protest):
    response = send(client, protest, "cancel", note=" ")

    assert response.status_code == 200
    assert response.context["form"].errors == {"note": ["This field is required."]}
    assert not ProtestChange.objects.exists()


def test_moving_changes_day_time_and_place(client, protest):
    hall = Place.objects.create(name="Town hall", address="High Street")
    response = send(client, protest, "move", **AWAY, new_place=hall.pk, note="It rains")

    occasion = Protest.objects.get().occasion(ON)
    assert (occasion.starts.strftime("%d %b %H:%M"), occasion.ends.strftime("%H:%M")) == ("28 Apr 17:00", "18:00")
    assert (occasion.place, occasion.note) == (hall, "It rains")
    assert "Tuesday 27 April 2027 is moved to Wednesday 28 April 2027, 5pm, Town hall." in said(response)
    assert "Check the new date. It is Passover (seventh day)." in said(response)


def test_a_date_can_be_moved_past_midnight(client, protest):
    assert send(client, protest, "move", new_start="10pm", new_end="1am").status_code == 302

    assert Protest.objects.get().occasion(ON).when == "Tuesday 27 April 2027, 10pm to 1am"


def test_places_are_searched_and_only_the_newest_are_listed_for_browsers_without_scripts(client, protest):
    for number in range(22):
        Place.objects.create(name="Town hall" if number == 0 else f"Place {number}", address="High Street")
    text = client.get(date_url(protest, ON, "move")).content.decode()

    assert "admin/js/autocomplete.js" in text
    assert [f"{name}, High Street" in text for name in ("Town hall", "Place 1", "Place 2", "Place 21")] == [
        *(False, False, True, True)
    ]
    assert "autocomplete.js" not in client.get(date_url(protest, ON, "cancel")).content.decode()
    query = {"app_label": "protests", "model_name": "protestchange", "field_name": "new_place", "term": "town"}
    found = client.get("/admin/autocomplete/", query).json()["results"]
    assert [one["text"] for one in found] == ["Town hall, High Street"]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "new_on"),
        ({"new_on": "2027-04-27"}, "new_on"),
        ({"new_start": "6pm"}, "new_on"),
        ({"new_on": "2027-04-13"}, "new_on"),
        ({"new_on": "never"}, "new_on"),
        ({"new_start": "25:00"}, "new_start"),
        ({"new_end": "5pm"}, "new_end"),
        ({"new_place": "hall"}, "new_place"),
        ({"new_place": "999"}, "new_place"),
        ({"new_on": "9999-12-31"}, "new_on"),
    ],
)
def test_an_invalid_move_is_refused_beside_the_field_and_nothing_is_lost(client, protest, answers, field):
    response = send(client, protest, "move", **answers, note="It rains")

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    page = response.content.decode()
    assert all(f'value="{value}"' in page for value in [*answers.values(), "It rains"] if value not in ("999", "hall"))
    assert not ProtestChange.objects.exists()


def test_reinstating_brings_a_date_back_and_keeps_a_record_for_calendars(client, protest):
    ProtestChange.objects.create(protest=protest, on=ON, kind="moved", new_on=date(2027, 4, 28), note="It rains")
    form = opened(client, protest, "reinstate")
    response = send(client, protest, "reinstate", **form)

    change = the_change(protest)
    assert (change.kind, change.new_on, change.note) == ("as_usual", None, "")
    assert not Protest.objects.get().occasion(ON).moved
    assert said(response).startswith("Tuesday 27 April 2027 takes place as usual.")


def test_a_cancelled_date_can_be_moved_instead(client, protest):
    send(client, protest, "cancel", note="Everybody is ill")
    form = opened(client, protest, "move")
    assert form["note"] == ""
    send(client, protest, "move", **form | AWAY)

    assert (the_change(protest).kind, the_change(protest).new_start) == ("moved", time(17))


def test_each_decision_is_in_the_audit_log_without_what_was_typed(client, protest):
    send(client, protest, "cancel", note="Everybody is ill")

    parts = ["protests.protestchange"]
    assert entries() == [("change", {"date": "2027-04-27", "kind": "cancelled", "parts": parts})]


def test_pressing_a_button_twice_changes_nothing_more(client, protest):
    form = opened(client, protest, "cancel")
    responses = [send(client, protest, "cancel", **form) for _twice in range(2)]

    assert [response.status_code for response in responses] == [302, 302]
    assert len(entries()) == 1


@pytest.mark.parametrize(("what", "answers"), [("cancel", {"note": "Mine"}), ("move", AWAY), ("reinstate", {})])
def test_the_second_of_two_organisers_sees_what_the_first_did(client, protest, what, answers):
    form = opened(client, protest, what)
    send(client, protest, "cancel", note="Everybody is ill")
    response = send(client, protest, what, **form | answers)

    assert response.status_code == 409
    error = (
        "Somebody has changed this date since you opened the page: Tuesday 27 April 2027, 6pm: cancelled "
        "(Everybody is ill). Please check it."
    )
    assert response.context["form"].non_field_errors() == [error]
    assert the_change(protest).note == "Everybody is ill"

    again = {field.html_name: field.value() or "" for field in response.context["form"]}
    assert send(client, protest, what, **again).status_code == 302
    assert the_change(protest).kind == {"cancel": "cancelled", "move": "moved", "reinstate": "as_usual"}[what]


@pytest.mark.parametrize("what", ["cancel", "move", "reinstate"])
def test_dates_that_are_over_cannot_be_changed(client, protest, what):
    for response in (client.get(date_url(protest, "2027-04-13", what)), send(client, protest, what, "2027-04-13")):
        assert response.url == month_url(protest)
    assert not ProtestChange.objects.exists()


@pytest.mark.parametrize("on", ["2027-04-28", "2027-13-45", "yesterday", "0001-01-01", "9999-12-31"])
def test_days_without_the_protest_have_no_page(client, protest, on):
    assert client.get(date_url(protest, on, "cancel")).status_code == 404
    assert send(client, protest, "cancel", on, note="Mine").status_code == 404


def test_a_get_changes_nothing(client, protest):
    for what in ("cancel", "move", "reinstate"):
        assert client.get(date_url(protest, ON, what)).status_code == 200
    assert not ProtestChange.objects.exists()


def test_only_organisers_who_may_change_protests_may_change_dates(client, protest):
    sign_in_to_look(client)
    assert client.get(month_url(protest)).status_code == 200
    assert client.get(date_url(protest, ON, "cancel")).status_code == 403
    assert send(client, protest, "cancel", note="Mine").status_code == 403
    assert not ProtestChange.objects.exists()


def test_a_protest_that_visitors_cannot_see_says_so(client, protest):
    Protest.objects.update(published=False)

    assert "Visitors don’t see this protest yet." in said(send(client, protest, "cancel", note="Everybody is ill"))


def test_the_form_returns_to_the_month_of_all_protests(client, protest):
    assert 'name="back" value="all"' in client.get(date_url(protest, ON, "cancel") + "?back=all").content.decode()

    response = send(client, protest, "cancel", note="Everybody is ill", back="all")
    assert response.url == month_url() + "#day-2027-04-27"


def test_decisions_at_the_same_moment_are_made_one_after_the_other(client, protest, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as queries:
        send(client, protest, "cancel", note="Everybody is ill")

    statements = [query["sql"] for query in queries.captured_queries]
    locks = [number for number, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql]
    reads = [number for number, sql in enumerate(statements) if 'FROM "protests_protestchange"' in sql]
    assert locks
    assert locks[0] < reads[0]
