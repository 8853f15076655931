"""The page of a pledge: rendered once for each version of its content."""

import time_machine
from django.utils import timezone

from campaign.pages.models import MenuItem, SiteSettings
from pledges.counting.publishing import publish_counts
from pledges.models import Demand, PaperSheet, Pledge
from tests.factories import SignatureFactory


def page_text(client, pledge):
    return client.get(pledge.get_absolute_url()).content.decode()


def test_an_unchanged_page_takes_one_query(client, pledge, django_assert_num_queries):
    with time_machine.travel(timezone.now(), tick=False):
        first = page_text(client, pledge)
        with django_assert_num_queries(1):
            assert page_text(client, pledge) == first


def test_an_organisers_changes_appear_once_published_and_not_before(client, pledge):
    site = SiteSettings.objects.get()
    with time_machine.travel(timezone.now(), tick=False):
        before = page_text(client, pledge)
        pledge.title = "Another title"
        pledge.save()
        Demand.objects.create(pledge=pledge, text="One demand more.")
        item = MenuItem.objects.create(site=site, label="A new link", url="/new/")
        assert page_text(client, pledge) == before

    pledge.publish()
    site.publish()
    page = page_text(client, pledge)
    for words in ("Another title", "One demand more.", "A new link"):
        assert words in page

    Demand.objects.get(text="One demand more.").delete()
    item.delete()
    assert "One demand more." in page_text(client, pledge)
    pledge.publish()
    site.publish()
    page = page_text(client, pledge)
    assert "One demand more." not in page
    assert "A new link" not in page


def test_facts_appear_immediately(client, pledge):
    page_text(client, pledge)
    pledge.goal = 3000
    pledge.save()
    assert "3,000" in page_text(client, pledge)

    PaperSheet.objects.create(pledge=pledge, signatures=41)
    assert "41" in page_text(client, pledge)
    Pledge.objects.update(closes_at=timezone.now())
    assert "This pledge is closed" in page_text(client, pledge)
    Pledge.objects.update(published=False)
    assert client.get(pledge.get_absolute_url()).status_code == 404


def test_names_and_counts_appear_immediately(client, pledge):
    page_text(client, pledge)
    signature = SignatureFactory(pledge=pledge, public=True, name="Miriam Katz")
    publish_counts()
    page = page_text(client, pledge)
    assert "Miriam Katz" in page
    assert "<strong>1 signature</strong>" in page

    signature.refresh_from_db()
    signature.withdraw()
    assert "Miriam Katz" not in page_text(client, pledge)


def test_the_form_gets_a_new_stamp_every_minute(client, pledge):
    with time_machine.travel(timezone.now(), tick=False) as now:
        first = page_text(client, pledge)
        now.shift(61)
        assert page_text(client, pledge) != first


def test_the_page_is_compressed_for_clients_that_accept_it(client, pledge):
    response = client.get(pledge.get_absolute_url(), headers={"accept-encoding": "gzip"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    again = client.get(
        pledge.get_absolute_url(),
        headers={"accept-encoding": "gzip", "if-none-match": response.headers["ETag"]},
    )
    assert again.status_code == 304


def test_a_closed_pledge_links_to_changing_or_withdrawing_a_signature(client, pledge):
    Pledge.objects.update(closes_at=timezone.now())
    page = page_text(client, pledge)

    assert "This pledge is closed" in page
    assert f'href="{pledge.get_absolute_url()}my-signature/"' in page
    inbox = client.get(f"{pledge.get_absolute_url()}check-your-email/").content.decode()
    assert "Fill in the form again" not in inbox
