"""Subscribers in the admin: counting them, and finding and erasing one, without ever showing an address."""

import pytest

from campaign.news.models import Subscriber
from campaign.privacy.models import ErasureEntry
from tests.accounts.organisers import sign_in_as
from tests.news.conftest import RUTH
from tests.news.factories import SubscriberFactory

LIST = "/admin/news/subscriber/"

pytestmark = pytest.mark.django_db


def test_organisers_see_the_number_of_subscribers_but_no_address(client):
    row = SubscriberFactory(email=RUTH)
    SubscriberFactory(confirmed_at=None)
    sign_in_as(client, "Supporter care")

    for page in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/delete/", f"{LIST}?q={RUTH}"):
        text = client.get(page).content.decode().replace(f'value="{RUTH}"', "")
        assert RUTH not in text, page
    assert "1 subscriber" in client.get(LIST).content.decode()


def test_an_organiser_with_permission_finds_a_subscriber_by_the_whole_address_and_erases_them(client):
    row = SubscriberFactory(email=RUTH)
    SubscriberFactory()
    sign_in_as(client, "Data officer")

    assert "1 subscriber" in client.get(f"{LIST}?q=RUTH@example.org").content.decode()
    assert "0 subscribers" in client.get(f"{LIST}?q=nobody@example.org").content.decode()
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Subscriber.objects.from_address(RUTH).exists()
    assert Subscriber.objects.count() == 1
    assert ErasureEntry.objects.filter(line__contains=" news ").exists()


def test_an_organiser_without_permission_can_neither_search_nor_open_the_list(client):
    SubscriberFactory(email=RUTH)
    sign_in_as(client, "Editor")

    assert client.get(LIST).status_code == 403
