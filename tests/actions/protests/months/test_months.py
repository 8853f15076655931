"""The month view in the admin."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from lxml import html

from actions.protests.models import Place, ProtestChange, Schedule
from tests.accounts.organisers import sign_in, sign_in_as
from tests.actions.factories import ProtestFactory
from tests.actions.protests.months.tuesdays import date_url, month_url, sign_in_to_look, tuesdays

NOW = datetime(2027, 4, 14, 12, tzinfo=UTC)
QUERIES = 7  # 3 for the session, 1 for the site's settings, 3 for the protests, their schedules and changed dates

pytestmark = pytest.mark.django_db


@pytest.fixture
def protest(time_machine, client):
    time_machine.move_to(NOW, tick=False)
    sign_in(client)
    return tuesdays()


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def words(client, url, day):
    """Return what a month says about a day, in one line."""
    (cell,) = page(client, url).xpath(f"//*[@id='day-{day}']")
    return " ".join(cell.text_content().split())


def change(protest, on, kind, **fields):
    return ProtestChange.objects.create(protest=protest, on=on, kind=kind, **fields)


def test_a_month_is_a_table_with_weekdays_and_days_in_words(client, protest):
    (table,) = page(client, month_url(protest)).xpath("//table[@class='month']")

    assert [th.text for th in table.xpath(".//thead//th[@scope='col']")][::6] == ["Monday", "Sunday"]
    assert len(table.xpath(".//td[@id]")) == 30
    assert "Tuesday 20 April 2027" in words(client, month_url(protest), "2027-04-20")
    (today,) = table.xpath(".//*[@aria-current='date']")
    assert today.get("id") == "day-2027-04-14"
    assert "Today" in today.text_content()


def test_a_month_links_to_its_neighbours(client, protest):
    links = [
        link.get("href") for link in page(client, month_url(protest, "2026/12")).xpath("//*[@class='month-links']/a")
    ]

    assert links == [month_url(protest, month) for month in ("2026/11", "2027/4", "2027/1")]


def test_the_address_without_a_month_shows_this_month(client, protest):
    for url in (f"/admin/protests/protest/{protest.pk}/month/", "/admin/protests/protest/months/"):
        assert page(client, url).xpath("//*[@id='day-2027-04-14']")


@pytest.mark.parametrize("month", ["2027/0", "2027/13", "1900/1", "99999999999/1", "0/4"])
def test_impossible_and_distant_months_have_no_page(client, protest, month):
    assert client.get(month_url(protest, month)).status_code == 404
    assert client.get(month_url(month=month)).status_code == 404


def test_each_date_says_what_has_been_decided(client, protest):
    change(protest, date(2027, 4, 20), "cancelled", note="Everybody is ill")
    change(protest, date(2027, 4, 27), "moved", new_on=date(2027, 4, 29), new_start=time(10))
    change(protest, date(2027, 5, 4), "moved", new_on=date(2027, 4, 30))
    url = month_url(protest)

    assert "Cancelled Everybody is ill" in words(client, url, "2027-04-20")
    assert "Moved to Thursday 29 April 2027, 10am" in words(client, url, "2027-04-27")
    assert "10am to 11am" in words(client, url, "2027-04-29")
    assert "Moved here from Tuesday 27 April 2027" in words(client, url, "2027-04-29")
    assert "Moved here from Tuesday 4 May 2027" in words(client, url, "2027-04-30")
    assert "Moved to Friday 30 April 2027" in words(client, month_url(protest, "2027/5"), "2027-05-04")


def test_clashes_are_marked_in_words(client, protest):
    on = date(2027, 4, 27)
    sentence = "It is the eve of Passover (seventh day), which begins that evening."
    assert f"Clash: {sentence}" in words(client, month_url(protest), on)

    kept = change(protest, on, "as_usual")
    assert f"Takes place as usual Clash, kept: {sentence}" in words(client, month_url(protest), on)

    kept.kind = "cancelled"
    kept.save()
    assert sentence not in words(client, month_url(protest), on)


def test_dates_that_are_over_have_no_actions(client, protest):
    url = month_url(protest)

    assert "Cancel…" not in words(client, url, "2027-04-13")
    assert "Cancel…" in words(client, url, "2027-04-20")


def test_each_action_names_its_date_for_screen_readers(client, protest):
    links = page(client, month_url(protest)).xpath("//*[@id='day-2027-04-27']//*[@class='month-actions']/a")

    assert [link.get("href") for link in links] == [
        date_url(protest, "2027-04-27", what) for what in ("cancel", "move", "reinstate")
    ]
    assert " ".join(links[0].text_content().split()) == "Cancel… Tuesday 27 April 2027, Tuesdays at the embassy"


def test_the_month_of_all_protests_shows_each(client, protest):
    ProtestFactory(title="Another")
    text = words(client, month_url(), "2027-04-20")

    assert "Tuesdays at the embassy 6pm" in text
    assert "Another 6pm" in text


def test_the_month_of_all_protests_says_which_visitors_do_not_see(client, protest):
    ProtestFactory(title="Hidden", published=False)
    ProtestFactory(title="Draft", publish=False)
    text = words(client, month_url(), "2027-04-20")

    assert "Tuesdays at the embassy 6pm" in text
    assert "Hidden (visitors don’t see it)" in text
    assert "Draft (visitors don’t see it)" in text


def test_protests_that_have_ended_leave_room_for_others(client, protest, monkeypatch):
    monkeypatch.setattr("actions.protests.months.admin.MAX_PROTESTS", 1)
    for _number in range(2):
        ProtestFactory(title="Long ago", schedule__first_on=date(2026, 1, 6), schedule__last_on=date(2026, 1, 6))
    assert "Tuesdays at the embassy" in words(client, month_url(), "2027-04-20")
    assert not page(client, month_url()).xpath("//*[@class='errornote']")

    ProtestFactory(title="Another")
    assert "This month has more dates" in page(client, month_url()).xpath("//*[@class='errornote']")[0].text


def test_a_date_moved_past_the_end_of_its_schedule_is_in_the_month_of_all(client, protest):
    ended = ProtestFactory(title="Long ago", schedule__first_on=date(2026, 1, 6), schedule__last_on=date(2026, 1, 6))
    change(ended, date(2026, 1, 6), "moved", new_on=date(2027, 4, 22))

    assert "Long ago 6pm" in words(client, month_url(), "2027-04-22")


def test_a_protest_that_cannot_be_read_does_not_hide_others(client, protest):
    broken = ProtestFactory(title="Broken")
    type(broken).objects.filter(pk=broken.pk).update(timezone="Mars/Olympus")

    response = client.get(month_url())
    assert "Tuesdays at the embassy" in words(client, month_url(), "2027-04-20")
    assert "This protest can’t be shown. Correct it first: <bdi>Broken</bdi>" in " ".join(
        response.content.decode().split()
    )
    assert client.get(month_url(broken)).status_code == 200


def test_organisers_who_may_only_look_see_no_actions(client, protest):
    sign_in_to_look(client)

    for url in (month_url(protest), month_url()):
        assert "Tuesday 27 April 2027" in words(client, url, "2027-04-27")
        assert "Cancel…" not in words(client, url, "2027-04-27")


def test_organisers_without_permission_to_see_protests_see_no_month(client, protest):
    sign_in_as(client, "Treasurer")

    assert client.get(month_url(protest)).status_code == 403
    assert client.get(month_url()).status_code == 403


def test_a_month_of_many_protests_needs_few_queries(client, protest, django_assert_num_queries):
    place = Place.objects.first()
    others = [ProtestFactory(title=f"Protest {number}", publish=False) for number in range(29)]
    tuesdays_in_spring = [date(2027, 3, 2) + timedelta(weeks=week) for week in range(10)]
    ProtestChange.objects.bulk_create(
        ProtestChange(protest=one, on=on, kind="moved", new_on=on + timedelta(days=1), new_place=place)
        for one in others
        for on in tuesdays_in_spring
    )
    assert (Schedule.objects.count(), ProtestChange.objects.count()) == (30, 290)

    with django_assert_num_queries(QUERIES):
        client.get(month_url())
