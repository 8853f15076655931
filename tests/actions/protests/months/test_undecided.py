"""Warnings of clashes: on the protest form, after saving a schedule, and on the desk."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from actions.protests.models import Protest, ProtestChange
from actions.protests.undecided import ASKED, WARNED, undecided
from campaign.desk.tasks import all_tasks
from tests.accounts.organisers import sign_in
from tests.actions.protests.months.tuesdays import change_url, date_url, sign_in_to_look, tuesdays
from tests.editing.filled_in import filled_in

# Nine weeks before the eve of the seventh day of Passover on Tuesday 27 April 2027.
EARLY, LATER = datetime(2027, 2, 23, 12, tzinfo=UTC), datetime(2027, 3, 9, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
EVE = date(2027, 4, 27)
SENTENCE = "It is the eve of Passover (seventh day), which begins that evening."
REASON = "No protest: Passover (seventh day) begins this evening"

pytestmark = pytest.mark.django_db


@pytest.fixture
def protest(time_machine):
    time_machine.move_to(EARLY, tick=False)
    return tuesdays()


def warnings(client, protest):
    """Return the part of the form that lists the clashes."""
    return (
        client.get(change_url(protest)).content.decode().partition('<section id="clashes"')[2].partition("</section")[0]
    )


def tasks():
    return [task for task in all_tasks() if "clash" in task.text]


def changes(protest):
    return list(protest.changes.values_list("on", "kind", "note"))


def test_the_form_lists_the_clashes_of_the_next_twelve_months(client, protest):
    sign_in(client)
    page = warnings(client, protest)

    assert "Tuesday 27 April 2027, 6pm" in page
    assert SENTENCE in page
    assert "Tuesday 28 December 2027, 6pm" in page
    assert "11 April 2028" not in page


def test_one_press_cancels_a_clashing_date_and_gives_the_day_as_the_reason(client, protest):
    sign_in(client)
    response = client.post(date_url(protest, EVE, "cancel"), {"note": REASON, "back": "form"}, follow=True)

    assert changes(protest) == [(EVE, "cancelled", REASON)]
    assert response.redirect_chain == [(change_url(protest) + "#clashes", 302)]
    assert "Tuesday 27 April 2027 is cancelled. Visitors see this at once." in response.content.decode()
    assert SENTENCE not in response.content.decode()


def test_one_press_keeps_a_clashing_date(client, protest):
    sign_in(client)
    response = client.post(date_url(protest, EVE, "reinstate"), {"back": "form"}, follow=True)

    assert changes(protest) == [(EVE, "as_usual", "")]
    assert "Tuesday 27 April 2027 takes place as usual." in response.content.decode()
    assert SENTENCE not in response.content.decode()


def test_the_forms_buttons_post_what_the_pages_accept(client, protest):
    sign_in(client)
    page = warnings(client, protest)

    assert f'action="{date_url(protest, EVE, "cancel")}"' in page
    assert f'action="{date_url(protest, EVE, "reinstate")}"' in page
    assert f'<input type="hidden" name="note" value="{REASON}">' in page


@pytest.mark.parametrize(
    ("field", "day"),
    [("warn_of_holy_days", "Passover"), ("warn_of_fasts", "Tammuz"), ("warn_of_bank_holidays", "Boxing Day")],
)
def test_each_kind_of_warning_can_be_switched_off(protest, field, day):
    def names():
        since = datetime(2028, 1, 4, 12, tzinfo=UTC)
        found = undecided(Protest.objects.get(), since, WARNED)
        return " ".join(clash.name for _occasion, clashes in found for clash in clashes)

    assert day in names()
    Protest.objects.update(**{field: False})
    assert day not in names()


def test_the_desk_asks_for_a_decision_eight_weeks_ahead(client, protest, time_machine):
    assert tasks() == []

    time_machine.move_to(LATER, tick=False)
    (task,) = tasks()
    assert task.text == (
        f"“{protest.title}” on Tuesday 27 April 2027, 6pm clashes with Passover (seventh day): "
        "cancel that date or keep it."
    )
    assert (task.url, task.permission) == (change_url(protest) + "#clashes", "protests.change_protest")


@pytest.mark.parametrize("kind", ["cancelled", "as_usual"])
def test_the_desk_stops_asking_once_a_date_is_decided(protest, time_machine, kind):
    time_machine.move_to(LATER, tick=False)
    ProtestChange.objects.create(protest=protest, on=EVE, kind=kind)

    assert tasks() == []


def test_nobody_is_asked_about_a_date_that_is_over(protest, time_machine):
    for hour, found in ((18, [EVE]), (19, [])):
        time_machine.move_to(datetime(2027, 4, 27, hour, 30, tzinfo=LONDON), tick=False)
        assert [one.on for one, _clashes in undecided(protest, timezone.now(), ASKED)][:1] == found


def test_a_date_that_continues_past_midnight_can_still_be_decided(protest):
    protest.schedules.update(start_time=time(22), end_time=time(1))
    [(occasion, _clashes), *_later] = undecided(protest, datetime(2027, 4, 28, 0, 30, tzinfo=LONDON), ASKED)

    assert occasion.on == EVE


def test_the_desk_does_not_ask_about_protests_that_visitors_cannot_see(protest, time_machine):
    time_machine.move_to(LATER, tick=False)
    Protest.objects.update(published=False)

    assert tasks() == []


def test_saving_a_schedule_says_that_dates_clash(client, protest):
    sign_in(client)
    form = client.get(change_url(protest))
    response = client.post(change_url(protest), filled_in(form, schedules__0__start_time="5pm"), follow=True)

    said = [str(message) for message in response.context["messages"]]
    assert any("clash" in text and f'href="{change_url(protest)}#clashes"' in text for text in said)


def test_a_preview_says_nothing_about_clashes(client, protest):
    sign_in(client)
    typed = filled_in(client.get(change_url(protest)), schedules__0__start_time="5pm")
    kept = client.post(change_url(protest).replace("change", "preview"), typed)
    assert client.get(kept.url.replace("preview/", "preview/page/")).status_code == 200

    assert not list(client.get(change_url(protest)).context["messages"])


def test_saving_a_title_says_nothing_about_clashes(client, protest):
    sign_in(client)
    form = client.get(change_url(protest))
    response = client.post(change_url(protest), filled_in(form, title="Another title"), follow=True)

    assert not [text for text in response.context["messages"] if "clash" in str(text)]


def test_an_organiser_who_may_only_look_sees_no_buttons(client, protest):
    sign_in_to_look(client)

    assert client.get(change_url(protest)).status_code == 200
    assert warnings(client, protest) == ""
