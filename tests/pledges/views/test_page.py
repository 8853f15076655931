"""The page of a pledge: rendered once for each version of what it shows."""

import time_machine
from django.utils import timezone

from campaign.pages.models import MenuItem, SiteSettings
from pledges.counting.publishing import publish_counts
from pledges.models import Demand
from tests.factories import SignatureFactory


def shown(client, pledge):
    return client.get(pledge.get_absolute_url()).content.decode()


def test_a_page_that_has_not_changed_takes_one_query(client, pledge, django_assert_num_queries):
    with time_machine.travel(timezone.now(), tick=False):
        first = shown(client, pledge)
        with django_assert_num_queries(1):
            assert shown(client, pledge) == first


def test_what_an_organiser_changes_shows_at_once(client, pledge):
    shown(client, pledge)
    pledge.title = "Another title"
    pledge.save()
    assert "Another title" in shown(client, pledge)

    Demand.objects.create(pledge=pledge, text="One demand more.")
    assert "One demand more." in shown(client, pledge)
    Demand.objects.get(text="One demand more.").delete()
    assert "One demand more." not in shown(client, pledge)

    item = MenuItem.objects.create(site=SiteSettings.current(), label="A new link", url="/new/")
    assert "A new link" in shown(client, pledge)
    item.delete()
    assert "A new link" not in shown(client, pledge)


def test_names_and_counts_show_at_once(client, pledge):
    shown(client, pledge)
    signature = SignatureFactory(pledge=pledge, public=True, name="Miriam Katz")
    publish_counts()
    page = shown(client, pledge)
    assert "Miriam Katz" in page
    assert "<strong>1</strong>" in page

    signature.refresh_from_db()
    signature.withdraw()
    assert "Miriam Katz" not in shown(client, pledge)


def test_the_form_is_stamped_anew_each_minute(client, pledge):
    with time_machine.travel(timezone.now(), tick=False) as now:
        first = shown(client, pledge)
        now.shift(61)
        assert shown(client, pledge) != first


def test_the_page_is_sent_compressed_to_who_can_read_it(client, pledge):
    answer = client.get(pledge.get_absolute_url(), headers={"accept-encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    again = client.get(
        pledge.get_absolute_url(),
        headers={"accept-encoding": "gzip", "if-none-match": answer.headers["ETag"]},
    )
    assert again.status_code == 304
