"""The pledge on the home page: the one that organisers chose, and no other."""

import pytest
from django.core.management import call_command

from pledges.models import Pledge
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

    assert not Pledge.objects.get(slug="a-second").published
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
