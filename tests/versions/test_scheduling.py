"""Which version visitors see: scheduled, expired and called-off ones, and versions published at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from campaign.pages.models import Page
from campaign.versions.models import Version
from campaign.versions.problems import NotReadyError
from tests.factories import OrganiserFactory, PageFactory
from tests.versions.conftest import versions_of

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(time_machine):
    """Return a function that stops the clock a given number of hours after noon."""
    time_machine.move_to(NOON, tick=False)
    return lambda hours: time_machine.move_to(NOON + hours * HOUR, tick=False)


def publish(page, title, **when):
    """Publish a page under a title; `when` is in hours after noon."""
    page.title = title
    page.save()
    return page.publish(**{name: NOON + hours * HOUR for name, hours in when.items()})


def titles():
    """Return the titles of the pages that visitors see."""
    return [page.title for page in Page.objects.published()]


@pytest.fixture
def page(db, clock):
    """Return a published page for a test to change."""
    return PageFactory(title="Old")


def test_a_scheduled_version_goes_live_at_its_time(page, clock):
    publish(page, "New", live_at=2)
    seen = []
    for hours in (0, 1.999, 2, 3):
        clock(hours)
        seen += titles()

    assert seen == ["Old", "Old", "New", "New"]


def test_a_draft_saved_after_scheduling_is_not_part_of_the_scheduled_version(page, clock):
    publish(page, "New", live_at=2)
    page.title = "Newer"
    page.save()
    clock(2)

    assert titles() == ["New"]


def test_a_version_disappears_when_it_expires_and_no_older_one_comes_back(page, clock):
    publish(page, "New", live_at=1, expires_at=2)
    seen = []
    for hours in (0, 1, 1.999, 2, 3):
        clock(hours)
        seen.append(titles())

    assert seen == [["Old"], ["New"], ["New"], [], []]
    assert page.as_published().title == "New"


def test_publishing_brings_back_an_expired_page(page, clock):
    publish(page, "New", expires_at=1)
    clock(2)
    assert titles() == []

    page.publish()
    assert titles() == ["New"]


def test_a_version_that_was_called_off_never_goes_live(page, clock):
    scheduled = publish(page, "New", live_at=2)
    scheduled.cancel(OrganiserFactory(username="grace"), NOON)
    scheduled.cancel(OrganiserFactory(username="ada"), NOON)
    clock(3)

    assert titles() == ["Old"]
    assert scheduled.cancellation.author == "grace"


def test_a_live_version_cannot_be_called_off(page, clock):
    scheduled = publish(page, "New", live_at=2)
    clock(2)
    scheduled.cancel(OrganiserFactory(), NOON + 2 * HOUR)

    assert titles() == ["New"]


def test_the_later_published_of_two_versions_for_the_same_time_is_shown(page, clock):
    publish(page, "First", live_at=2)
    publish(page, "Second", live_at=2)
    clock(2)

    assert titles() == ["Second"]


def test_publishing_now_does_not_replace_a_scheduled_version(page, clock):
    publish(page, "Later", live_at=2)
    publish(page, "Now")
    assert titles() == ["Now"]
    clock(2)

    assert titles() == ["Later"]


def test_a_version_that_is_only_kept_is_never_shown(page, clock):
    page.title = "Kept"
    page.save()
    page.keep(None, "Before restoring")
    clock(1)

    assert titles() == ["Old"]


def test_a_new_object_is_a_draft(client, db):
    page = PageFactory(slug="new", publish=False)
    assert client.get("/new/").status_code == 404

    page.publish()
    assert client.get("/new/").status_code == 200


def test_an_unready_draft_is_refused_and_visitors_see_nothing_new(page):
    page.title = ""
    page.save()
    with pytest.raises(NotReadyError) as refused:
        page.publish()

    assert [(problem.label, problem.field_id) for problem in refused.value.problems] == [("title", "id_title")]
    assert titles() == ["Old"]


def test_publishing_checks_the_saved_row_rather_than_an_older_copy(page):
    Page.objects.update(title="")
    assert page.title == "Old"
    with pytest.raises(NotReadyError):
        page.publish()


def test_the_off_switch_works_at_once(page):
    Page.objects.update(published=False)
    assert titles() == []

    Page.objects.update(published=True)
    assert titles() == ["Old"]


@pytest.mark.django_db
@pytest.mark.parametrize("when", [{"live_at": 2, "expires_at": 2}, {"live_at": 2, "expires_at": 1}])
def test_the_database_refuses_a_version_that_expires_before_it_goes_live(page, when):
    with pytest.raises(IntegrityError):
        publish(page, "New", **when)


def test_a_version_says_who_published_it_and_why(page):
    grace = OrganiserFactory(username="grace")
    page.publish(by=grace, note="A slip")
    grace.delete()

    newest = versions_of(page).last()
    assert (newest.number, newest.author, newest.note) == (2, "grace", "A slip")


@pytest.mark.django_db(transaction=True)
def test_versions_published_at_the_same_time_get_different_numbers():
    page = PageFactory()

    def publish(_number):
        try:
            Page.objects.get(pk=page.pk).publish()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(publish, range(10)))
    assert sorted(Version.objects.values_list("number", flat=True)) == list(range(1, 12))
