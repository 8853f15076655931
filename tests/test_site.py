"""The home page, the thank-you page, errors, health checks, and files for machines."""

from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from campaign.pages.models import SiteSettings
from campaign.views import home
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge
from tests.factories import MessageFactory, PageFactory, PledgeFactory, SignatureFactory

NOINDEX = '<meta name="robots" content="noindex">'
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def campaign(db):
    call_command("load_campaign")


@pytest.fixture
def opened(campaign):
    """Load the campaign, and name the person responsible for the site."""
    SiteSettings.objects.update(publisher_name="A. Body", publisher_address="1 Road", contact_email="us@example.org")


def test_the_home_page_shows_the_campaign_the_pledge_the_count_and_next_actions(client, campaign):
    pledge = Pledge.objects.get()
    SignatureFactory.create_batch(3, pledge=pledge, public=True)
    publish_counts()

    text = client.get("/").content.decode()
    assert "Jewish Action to Stop Uyghur Persecution" in text
    assert pledge.get_absolute_url() in text
    assert "<progress" in text
    assert 'value="3"' in text
    for address in ("/letters/", "/protests/", "/donate/", "/businesses/"):
        assert f'href="{address}' in text


def test_the_home_page_is_cheap_and_cacheable(client, campaign, django_assert_max_num_queries):
    with django_assert_max_num_queries(18):
        response = client.get("/")

    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]


def test_an_empty_site_has_a_home_page(client, db):
    assert client.get("/").status_code == 200


def test_the_thank_you_page_offers_the_next_actions_and_plain_share_links(client, campaign):
    pledge = Pledge.objects.get()
    text = client.get(f"/pledges/{pledge.slug}/thank-you/").content.decode()
    assert "Thank you. Some signatures are checked by hand before they count." in text
    assert "signature counts" not in text

    for service in ("wa.me", "t.me", "bsky.app", "facebook.com", "mailto:"):
        assert service in text
    assert "/letters/" in text


def test_every_url_in_the_sitemap_answers(client, opened):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314
    addresses = [loc.text for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]

    assert len(addresses) >= 15
    for address in addresses:
        response = client.get(address.removeprefix("http://testserver"))
        assert response.status_code == 200, address
        assert not response.cookies, address


def test_robots_txt_names_the_sitemap(client, opened):
    assert "Sitemap: http" in client.get("/robots.txt").content.decode()


INDEXED = ["/", "/imprint/", "/protests/", "/businesses/", "/data-notes/", "/pledges/stop-uyghur-genocide/"]


def test_search_engines_are_asked_not_to_index_a_site_that_names_nobody_responsible(client, opened):
    for path in INDEXED:
        assert NOINDEX not in client.get(path).content.decode(), path

    for missing in ("publisher_name", "publisher_address", "contact_email"):
        site = SiteSettings.objects.get()
        setattr(site, missing, " ")
        site.save()
        assert NOINDEX in client.get("/").content.decode(), missing
        setattr(site, missing, "us@example.org")
        site.save()
    SiteSettings.objects.update(contact_email="", updated_at=timezone.now())
    for path in INDEXED:
        assert NOINDEX in client.get(path).content.decode(), path
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /\n" not in robots  # a search engine could list a page without reading it
    assert "Sitemap:" not in robots
    assert b"<loc>" not in client.get("/sitemap.xml").content


def test_a_site_in_development_has_no_instructions_for_search_engines(client, db, settings):
    settings.DEBUG = True

    assert NOINDEX not in client.get("/").content.decode()


def test_search_engines_are_asked_not_to_index_files(client, db):
    pledge = PledgeFactory()
    for path in ("qr.svg", "count.json", "poster.pdf"):
        assert client.get(f"{pledge.get_absolute_url()}{path}").headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/").headers


def test_three_pages_name_who_is_responsible_for_the_site(client, opened):
    for path in ("/contact/", "/imprint/", "/privacy/"):
        text = client.get(path).content.decode()
        for words in ("A. Body", "1 Road", "mailto:us@example.org"):
            assert words in text, path

    SiteSettings.objects.update(publisher_address="")
    assert "will appear here before it opens" in client.get("/imprint/").content.decode()


def test_an_unknown_url_gets_our_404_page(client, db):
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert "<main" in response.content.decode()


def test_an_error_gets_our_500_page_without_details(client, db, monkeypatch):
    monkeypatch.setattr(home, "home_page", lambda: 1 / 0)
    client.raise_request_exception = False

    response = client.get("/")

    assert response.status_code == 500
    assert "Retry-After" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]
    assert "<h1" in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()


def test_health_checks_distinguish_the_process_from_its_database(client, db):
    assert client.get("/healthz").status_code == 200
    parts = ("database", "migrated", "outbox", "erasures", "hash_key", "clock", "static", "disk")
    assert client.get("/readyz").json() == dict.fromkeys(parts, True)


def test_a_stopped_worker_makes_the_site_unready(client, db):
    MessageFactory(due_at=timezone.now() - timedelta(minutes=11))
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["outbox"] is False


def test_a_page_in_another_language_does_not_affect_other_pages(client, db):
    PageFactory(slug="ivrit", language="he")
    PledgeFactory()
    client.get("/ivrit/")

    assert 'dir="ltr"' in client.get("/").content.decode()


def test_an_error_page_has_its_heading_above_its_text(client, db):
    response = client.get("/nothing-here/")

    page = response.content.decode()
    assert response.status_code == 404
    assert page.index('class="hero page-head"') < page.index('class="prose"')
    assert page.count("<h1") == 1


def test_a_method_that_is_not_allowed_gets_a_page_and_the_allowed_methods(client, db):
    pledge = PledgeFactory()
    response = client.put(pledge.get_absolute_url())

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert "Method not allowed" in response.content.decode()


def test_a_post_that_is_too_large_gets_an_error_page(client, db):
    response = client.post(PledgeFactory().get_absolute_url(), "name=" + "x" * 10_000_000, content_type=FORM)

    assert response.status_code == 413
    assert "This is too large" in response.content.decode()


def test_the_icon_is_where_browsers_look_for_it_and_is_cached_for_a_long_time(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/x-icon"
    assert "public" in response.headers["Cache-Control"]
    assert "max-age=2592000" in response.headers["Cache-Control"]
    assert not response.cookies
    with Image.open(BytesIO(response.content)) as icon:
        assert icon.format == "ICO"
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
