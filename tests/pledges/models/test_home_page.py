"""The pledge on the home page: the one that organisers chose, and no other."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from pledges.models import Pledge, PublishedCount
from pledges.share.picture import progress
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory
from tests.pledges.models.test_closing import INLINES


@pytest.fixture
def chosen(db):
    return PledgeFactory(title="The one in front", on_home_page=True)


def home(client):
    return client.get("/").content.decode()


def test_a_new_pledge_is_unpublished_and_leaves_the_home_page_unchanged(client, chosen):
    sign_in(client)
    answers = {"title": "A second", "slug": "a-second", "statement": "Words.", "language": "en-gb", "goal": "10"}
    client.post("/admin/pledges/pledge/add/", INLINES | answers | {"order": "0"})

    assert Pledge.objects.get(slug="a-second") not in Pledge.objects.published()
    assert chosen.get_absolute_url() in home(client)


def test_choosing_another_pledge_replaces_the_one_on_the_home_page(client, chosen):
    other = PledgeFactory(title="Another", on_home_page=True)

    assert other.get_absolute_url() in home(client)
    assert chosen.get_absolute_url() not in home(client)
    assert Pledge.objects.get(on_home_page=True) == other


def test_the_home_page_does_not_show_an_unpublished_pledge(client, chosen):
    chosen.published = False
    chosen.save()

    assert chosen.get_absolute_url() not in home(client)


def test_load_campaign_puts_its_pledge_on_the_home_page(client, db):
    call_command("load_campaign")

    assert Pledge.objects.get(on_home_page=True).slug == "stop-uyghur-genocide"
    assert "/pledges/stop-uyghur-genocide/" in home(client)


CLOSES = [
    (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "31 December 2026"),
    (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), "31 December 2026"),  # midnight counts as the end of the day before
    (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "1 July 2026"),  # 23:30 in London
]


@pytest.mark.parametrize(("closes_at", "day"), CLOSES)
def test_the_home_page_and_the_pledge_show_the_last_day(client, chosen, time_machine, closes_at, day):
    Pledge.objects.update(closes_at=closes_at, updated_at=closes_at)
    time_machine.move_to(closes_at - timedelta(minutes=5), tick=False)
    for path in ("/", chosen.get_absolute_url()):
        assert f"Closes on {day}" in client.get(path).content.decode()
    assert "Sign the pledge" in home(client)

    time_machine.move_to(closes_at, tick=False)
    for path in ("/", chosen.get_absolute_url()):
        assert f"Closed on {day}" in client.get(path).content.decode()


def test_the_home_page_does_not_ask_for_signatures_to_a_closed_pledge(client, chosen):
    Pledge.objects.update(closes_at=timezone.now() - timedelta(days=1))
    page = home(client)

    assert "Read the pledge" in page
    assert not re.search(r"\bsign the pledge", page, re.IGNORECASE)


def test_the_count_includes_people_and_organisations(client, chosen):
    PublishedCount.objects.create(pledge=chosen, count=647)
    path = chosen.get_absolute_url()

    for page in ["/", *(f"{path}{part}" for part in ("", "signatories/", "badge/", "thank-you/", "share/", "areas/"))]:
        text = " ".join(client.get(page).content.decode().split())
        assert not re.search(r"\b(people|person) (has |have )?signed", text, re.IGNORECASE), page
    assert progress(Pledge.objects.with_count().get()) == "647 signatures. Goal: 1,000"


def test_a_draft_cannot_replace_the_pledge_on_the_home_page(db):
    PledgeFactory(title="Stop it", on_home_page=True)
    draft = PledgeFactory(title="Not yet", publish=False)
    draft.on_home_page = True

    with pytest.raises(ValidationError, match="Publish this pledge first: until then, “Stop it” stays"):
        draft.full_clean()
    draft.publish(check=False)
    draft.full_clean()
