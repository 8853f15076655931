"""Updates on the site: `/updates/`, `/updates/<year>/` and `/updates/<slug>/`."""

import json
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaign.pages.models import Embed, PictureBlock, Text, Update
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory, UpdateFactory, make_picture, publish
from tests.pages.conftest import text_of

pytestmark = pytest.mark.django_db


def titles(client, path="/updates/"):
    return re.findall(r'<h3>\s*<a href="[^"]*"[^>]*>([^<]*)</a>', text_of(client.get(path)))


def test_the_list_says_when_it_is_empty(client):
    assert "There are no updates yet." in text_of(client.get("/updates/"))


def test_the_list_links_to_news_by_email_even_when_it_is_empty(client):
    assert '<a class="button" href="/news/">' in text_of(client.get("/updates/"))


def test_updates_are_listed_by_date_newest_first(client):
    for day in (3, 9, 6):
        UpdateFactory(title=f"Of the {day}th", posted_on=date(2026, 3, day))

    assert titles(client) == ["Of the 9th", "Of the 6th", "Of the 3th"]


def test_a_page_of_the_list_has_twelve_updates(client):
    UpdateFactory.create_batch(14, posted_on=date(2026, 3, 1))

    assert (len(titles(client)), len(titles(client, "/updates/?page=2"))) == (12, 2)
    assert 'href="?page=2#list"' in text_of(client.get("/updates/"))
    assert titles(client, "/updates/?page=99") == titles(client, "/updates/?page=2")
    assert titles(client, "/updates/?page=x") == titles(client)


def test_the_list_of_years_shows_how_many_updates_each_year_has(client):
    UpdateFactory.create_batch(2, posted_on=date(2025, 12, 31))
    UpdateFactory(title="New year", posted_on=date(2026, 1, 1))
    UpdateFactory(posted_on=date(2024, 1, 1), publish=False)

    found = re.findall(r'href="/updates/(\d+)/"[^>]*>(.*?)</a>', text_of(client.get("/updates/")))
    assert found == [("2026", "2026 (1)"), ("2025", "2025 (2)")]
    assert titles(client, "/updates/2026/") == ["New year"]
    assert client.get("/updates/2024/").status_code == client.get("/updates/99999/").status_code == 404


def test_an_update_shows_its_date_author_picture_blocks_and_subject(client):
    SiteSettingsFactory()
    pledge = PledgeFactory(title="Stop it", slug="stop-it")
    facts = {"slug": "we-met", "posted_on": date(2026, 3, 9), "about": f"pledges.pledge:{pledge.pk}"}
    update = UpdateFactory(title="We met", author="Ada", picture=make_picture(), **facts)
    Text.objects.create(parent=update, region="main", html="<p>Forty of us.</p>")
    publish(update)

    text = text_of(client.get("/updates/we-met/"))

    assert '<time datetime="2026-03-09">9 March 2026</time>' in text
    assert re.search(r'About:\s+<a href="/pledges/stop-it/"[^>]*>Stop it</a>', text)
    for words in ("<bdi>Ada</bdi>", "Forty people with banners", "<p>Forty of us.</p>", 'property="og:title"'):
        assert words in text
    (data,) = [json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)]
    assert (data["@type"], data["datePublished"]) == ("BlogPosting", "2026-03-09")
    assert data["author"] == {"@type": "Person", "name": "Ada"}


def test_a_hidden_picture_or_subject_is_left_out(client):
    pledge = PledgeFactory(title="Not yet", publish=False)
    picture = make_picture(hidden_at=timezone.now())
    UpdateFactory(slug="we-met", about=f"pledges.pledge:{pledge.pk}", picture=picture)

    for path in ("/updates/we-met/", "/updates/"):
        text = text_of(client.get(path))
        assert picture.key not in text
        assert "Not yet" not in text


def test_an_update_links_to_the_updates_before_and_after_it(client):
    for number, day in enumerate((1, 2, 2, 3)):
        UpdateFactory(slug=f"update-{number}", posted_on=date(2026, 3, day))

    def neighbours(slug):
        return re.findall(r'rel="(next|prev)"\s+href="/updates/([^/]+)/"', text_of(client.get(f"/updates/{slug}/")))

    assert neighbours("update-0") == [("next", "update-1")]
    assert neighbours("update-1") == [("next", "update-2"), ("prev", "update-0")]
    assert neighbours("update-3") == [("prev", "update-2")]


def test_a_scheduled_or_expired_update_appears_nowhere(client):
    soon = timezone.now() + timedelta(hours=1)
    UpdateFactory(title="Later", slug="later", publish=soon)
    expired = UpdateFactory(title="Over", slug="over", publish=False)
    expired.publish(live_at=soon - timedelta(hours=3), expires_at=soon - timedelta(hours=2))

    for path in ("/updates/", "/feed.xml", "/sitemap.xml"):
        text = text_of(client.get(path))
        assert not re.search("Later|Over<|/updates/later/", text)
    assert client.get("/updates/later/").status_code == client.get("/updates/over/").status_code == 404


def test_pages_and_updates_have_separate_addresses(client):
    PageFactory(slug="a-page")
    UpdateFactory(slug="an-update")

    assert client.get("/an-update/").status_code == client.get("/updates/a-page/").status_code == 404
    assert client.get("/updates/an-update/").status_code == client.get("/a-page/").status_code == 200


def test_the_old_address_of_a_renamed_update_redirects(client):
    update = UpdateFactory(slug="old-name")
    publish(update, slug="new-name")

    assert client.get("/updates/old-name/").headers["Location"] == "/updates/new-name/"


def test_a_page_can_show_the_card_of_an_update(client):
    update = UpdateFactory(title="We met")
    page = PageFactory(slug="a-page")
    Embed.objects.create(parent=page, region="main", target=f"pages.update:{update.pk}")
    publish(page)

    assert f'href="{update.get_absolute_url()}"' in text_of(client.get("/a-page/"))


def test_the_pledge_lists_the_newest_updates_about_it_at_once(client):
    pledge = PledgeFactory(slug="stop-it")
    about = f"pledges.pledge:{pledge.pk}"
    client.get("/pledges/stop-it/")
    UpdateFactory(title="Something else")
    for number in range(4):
        update = UpdateFactory(title=f"News {number}", posted_on=date(2026, 3, number + 1), about=about)

    assert re.findall("News .|Something else", text_of(client.get("/pledges/stop-it/"))) == [
        "News 3",
        "News 2",
        "News 1",
    ]
    publish(update, title="News 9")
    assert "News 9" in text_of(client.get("/pledges/stop-it/"))
    Update.objects.filter(pk=update.pk).update(published=False)
    assert "News 9" not in text_of(client.get("/pledges/stop-it/"))


@pytest.mark.parametrize("path", ["/updates/", "/updates/2026/", "/updates/we-met/", "/feed.xml"])
def test_each_page_needs_a_fixed_number_of_queries_and_is_cached_without_a_cookie(
    client, path, django_assert_max_num_queries
):
    SiteSettingsFactory()
    for number in range(8):
        update = UpdateFactory(slug=f"u-{number}", posted_on=date(2026, 1, 1), picture=make_picture())
        PictureBlock.objects.create(parent=update, region="main", picture=make_picture())
        publish(update)
    publish(update, slug="we-met")

    with django_assert_max_num_queries(8):
        response = client.get(path)

    assert response.status_code == 200
    assert not response.cookies
    assert "s-maxage" in response["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304
