"""Appeals on other sites: `/donate/` and `/go/<slug>/`."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client

from actions.fundraising.models import Demand, VisitCount
from tests.actions.factories import AppealFactory
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db


def test_the_page_links_to_the_appeal_through_our_own_url(client):
    SiteSettingsFactory()
    AppealFactory(slug="stop")
    text = client.get("/donate/").content.decode()

    assert 'href="/go/stop/"' in text
    assert "Give on GoFundMe" in text


def test_our_url_redirects_to_the_stored_link_and_nowhere_else(client):
    AppealFactory(slug="stop")
    response = client.get("/go/stop/", {"next": "https://evil.example", "url": "https://evil.example"})

    assert response.status_code == 302
    assert response.headers["Location"] == "https://www.gofundme.com/f/something"
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    assert client.get("/go/other/").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://www.gofundme.com/f/x",
        "https://evil.example/gofundme.com",
        "https://gofundme.com.evil.example/",
        "https://gofundme.com@evil.example/",
        "javascript:alert(1)",
    ],
)
def test_a_link_to_anywhere_else_is_refused(url):
    with pytest.raises(ValidationError):
        AppealFactory.build(url=url).full_clean()


def test_the_page_is_cheap_cacheable_and_sets_no_cookie(client, django_assert_max_num_queries):
    SiteSettingsFactory()
    AppealFactory.create_batch(5)
    with django_assert_max_num_queries(5):
        response = client.get("/donate/")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


FIGURES = {"target": 20_000, "raised": 12_340, "supporters": 345, "as_of": date(2026, 11, 20)}


@pytest.fixture
def donate_page(client):
    """Return a function that fetches the text of the page in one line."""
    SiteSettingsFactory()
    return lambda: " ".join(client.get("/donate/").content.decode().split())


def test_figures_are_shown_with_the_date_on_which_an_organiser_read_them(donate_page, time_machine):
    time_machine.move_to(date(2026, 11, 23))
    AppealFactory(**FIGURES)
    text = donate_page()

    assert "<strong>£12,340</strong> raised of £20,000 by 345 people" in text
    assert '<progress value="12340" max="20000"' in text
    assert "As entered by the organisers on 20 November 2026." in text


@pytest.mark.parametrize(("today", "shown"), [(date(2026, 12, 4), True), (date(2026, 12, 5), False)])
def test_figures_older_than_fourteen_days_are_replaced_by_a_link(donate_page, time_machine, today, shown):
    time_machine.move_to(today)
    AppealFactory(**FIGURES)
    text = donate_page()

    assert ("<progress" in text) is shown
    assert ("12,340" in text) is shown
    assert ("See the appeal for today’s total." in text) is not shown


def test_without_a_target_there_is_no_bar_and_without_figures_no_total(donate_page, time_machine):
    time_machine.move_to(date(2026, 11, 23))
    AppealFactory(**FIGURES | {"target": None})
    assert "<strong>£12,340</strong> raised" in (text := donate_page())
    assert "<progress" not in text

    AppealFactory._meta.model.objects.update(raised=None, supporters=None)
    assert "total" not in donate_page()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"as_of": None}, "as_of"), ({"as_of": date(2026, 11, 24)}, "as_of"), ({"target": 0}, "target")],
)
def test_invalid_figures_are_refused_beside_their_field(time_machine, changes, field):
    time_machine.move_to(date(2026, 11, 23))
    with pytest.raises(ValidationError) as refused:
        AppealFactory.build(**FIGURES | changes).full_clean()
    assert field in refused.value.message_dict


def test_the_database_refuses_figures_without_a_date():
    with pytest.raises(IntegrityError):
        AppealFactory(**FIGURES | {"as_of": None})


def test_the_purposes_of_an_appeal_are_listed(donate_page):
    appeal = AppealFactory()
    Demand.objects.create(appeal=appeal, text="Close <the> camps")
    appeal.publish()
    text = donate_page()

    assert "What it is for" in text
    assert '<li dir="auto">Close &lt;the&gt; camps</li>' in text


def visits():
    return list(VisitCount.objects.values_list("day", "count"))


def test_visits_are_counted_by_day_and_nothing_else_is_stored(client, time_machine):
    AppealFactory(slug="stop")
    time_machine.move_to(date(2026, 11, 23))
    for _ in range(3):
        client.get("/go/stop/")
    time_machine.move_to(date(2026, 11, 24))
    client.get("/go/stop/")

    assert visits() == [(date(2026, 11, 24), 1), (date(2026, 11, 23), 3)]
    assert {field.name for field in VisitCount._meta.fields} == {"id", "appeal", "day", "count"}


def test_head_requests_and_prefetches_are_not_counted(client):
    AppealFactory(slug="stop")
    assert client.head("/go/stop/").status_code == 302
    assert client.get("/go/stop/", headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 302
    assert client.get("/go/stop/", headers={"Purpose": "prefetch"}).status_code == 302

    assert visits() == []


@pytest.mark.django_db(transaction=True)
def test_concurrent_visits_are_all_counted():
    AppealFactory(slug="stop")

    def visit(_number):
        try:
            Client().get("/go/stop/")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(40)))

    assert [count for _day, count in visits()] == [40]
