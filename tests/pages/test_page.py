"""Content pages: `/<slug>/`."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign.pages.models import Action, Fact, MenuItem, Page, SiteSettings, Text
from campaign.versions.problems import NotReadyError
from tests.factories import PageFactory, SiteSettingsFactory


@pytest.fixture
def page(db):
    SiteSettingsFactory()
    page = PageFactory(slug="statement", title="Why we act")
    common = {"parent": page, "region": "main"}
    Text.objects.create(**common, ordering=10, html="<h2>Memory</h2><p>We remember.</p>")
    Fact.objects.create(
        **common,
        ordering=20,
        claim="It was found.",
        source="A report",
        url="https://example.org/r",
        dated="31 August 2022",
    )
    Action.objects.create(**common, ordering=30, title="Act", label="Sign", url="/pledges/stop/")
    page.publish()
    return page


def test_blocks_are_shown_in_order(client, page):
    text = client.get("/statement/").content.decode()

    positions = [text.index(words) for words in ("We remember.", "It was found.", ">Act<")]
    assert positions == sorted(positions)
    assert 'href="https://example.org/r"' in text
    assert "31 August 2022" in text


def test_an_unpublished_page_is_not_found(client, page):
    Page.objects.update(published=False)

    assert client.get("/statement/").status_code == 404


def test_changes_appear_once_published_and_not_before(client, page):
    before = client.get("/statement/").content
    Text.objects.get().delete()
    Text.objects.create(parent=page, region="main", ordering=5, html="<p>New words.</p>")
    Page.objects.update(title="A new title")
    assert client.get("/statement/").content == before

    page.publish()
    text = client.get("/statement/").content.decode()
    assert "New words." in text
    assert "A new title" in text
    assert "We remember." not in text


def test_harmful_html_is_removed_however_it_is_saved(client, page):
    Text.objects.create(
        parent=page,
        region="main",
        ordering=40,
        html='<p onclick="x()">Fine<script>alert(1)</script><a href="javascript:x()">go</a></p>',
    )
    page.publish()

    text = client.get("/statement/").content.decode()
    assert "Fine" in text
    for harm in ("onclick", "alert(1)", "javascript:"):
        assert harm not in text


def test_the_menus_come_from_the_database(client, page):
    MenuItem.objects.create(place="header", label="A way in", url="/statement/")
    MenuItem.objects.create(place="footer", label="A way out", url="https://example.org/")
    assert "A way in" not in client.get("/statement/").content.decode()
    SiteSettings.objects.get().publish()

    text = client.get("/statement/").content.decode()
    assert "A way in" in text
    assert "A way out" in text


def test_a_page_takes_few_queries_however_many_blocks_it_has(client, page, django_assert_num_queries):
    for number in range(20):
        Text.objects.create(parent=page, region="main", ordering=100 + number, html="<p>More</p>")
    page.publish()
    with django_assert_num_queries(4):
        response = client.get("/statement/")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.fixture
def translation(page):
    """Return the draft of an unchecked Uyghur translation of `page`."""
    return PageFactory(slug="statement-ug", language="ug", translation_of=page, title="بىز", publish=False)


def publish_checked(page):
    Page.objects.filter(pk=page.pk).update(checked_by="Aynur", checked_on=date(2026, 11, 1))
    page.publish()


def test_an_unchecked_translation_cannot_be_published_and_is_shown_nowhere(client, translation):
    for half in ({"checked_by": "Aynur"}, {"checked_on": date(2026, 11, 1), "checked_by": None}):
        Page.objects.filter(pk=translation.pk).update(**half)
        with pytest.raises(NotReadyError) as refused:
            Page.objects.get(pk=translation.pk).publish()
        assert len(refused.value.problems) == 1
        assert client.get("/statement-ug/").status_code == 404
        for path in ("/statement/", "/feed.xml", "/sitemap.xml"):
            assert "statement-ug" not in client.get(path).content.decode()

    publish_checked(Page.objects.get(pk=translation.pk))
    assert client.get("/statement-ug/").status_code == 200


def test_a_page_and_its_translation_link_to_each_other(client, page, translation):
    publish_checked(translation)
    for path, other, name in (
        ("/statement/", "/statement-ug/", "ئۇيغۇرچە"),
        ("/statement-ug/", "/statement/", "English"),
    ):
        text = client.get(path).content.decode()
        assert re.search(rf'<a href="{other}"[^>]*>{name}</a>', text)
        found = re.findall(r'hreflang="([^"]+)"\s+href="[^"]+?(/[a-z-]+/)"', text)
        assert found == [("en-gb", "/statement/"), ("ug", "/statement-ug/")]


def test_the_speakers_name_is_never_published(client, page, translation):
    publish_checked(translation)

    with CaptureQueriesContext(connection) as queries:
        for path in ("/statement/", "/statement-ug/", "/feed.xml", "/sitemap.xml"):
            assert "Aynur" not in client.get(path).content.decode()
    assert not any("encode(" in query["sql"] for query in queries.captured_queries)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(checked_by, 'escape') FROM pages_page WHERE slug = 'statement-ug'")
        assert "Aynur" not in cursor.fetchone()[0]


def test_a_page_without_translations_lists_no_languages(client, page):
    assert "hreflang" not in client.get("/statement/").content.decode()


def test_only_pages_with_that_setting_have_an_exit_link(client, page):
    assert "Exit this page" not in client.get("/statement/").content.decode()
    PageFactory(slug="safety", exit_link=True)

    text = client.get("/safety/").content.decode()
    [link] = re.findall(r"<a [^>]*>Exit this page</a>", text)
    assert 'href="https://www.bbc.co.uk/weather"' in link
    assert 'rel="nofollow noreferrer"' in link


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["protests", "admin", "donate", "letters"])
def test_a_page_cannot_have_a_reserved_slug(slug):
    with pytest.raises(ValidationError) as error:
        PageFactory.build(slug=slug).full_clean()

    assert "slug" in error.value.message_dict


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["javascript:x()", "//evil.example/", "http://plain.example/", "x y"])
def test_a_link_that_is_neither_ours_nor_https_is_refused(url):
    with pytest.raises(ValidationError):
        MenuItem(label="x", url=url).full_clean(exclude=["site"])


def test_only_downloadable_pages_can_be_downloaded(client, page):
    assert client.get("/statement/download.docx").status_code == 404
    Page.objects.update(downloadable=True)
    assert client.get("/statement/download.docx").status_code == 404
    page.publish()

    for kind in ("docx", "txt"):
        response = client.get(f"/statement/download.{kind}")
        assert response.status_code == 200
        assert f'filename="statement.{kind}"' in response.headers["Content-Disposition"]
    assert "We remember." in client.get("/statement/download.txt").content.decode()
    assert client.get("/statement/download.exe").status_code == 404
