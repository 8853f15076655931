"""The Atom feed of updates: `/feed.xml`."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from campaign.pages.models import Action, Text, Update
from tests.factories import LONG_AGO, PageFactory, SiteSettingsFactory, UpdateFactory, publish
from tests.pages.conftest import text_of

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parsed(client):
    return ElementTree.fromstring(client.get("/feed.xml").content)  # noqa: S314 - our own


def entries(client):
    """Return each entry as a dictionary of its elements' texts, with its language."""
    return [
        {child.tag.removeprefix(ATOM): child.text for child in one} | {"language": one.get(LANG)}
        for one in parsed(client).iter(f"{ATOM}entry")
    ]


def test_the_feed_has_what_atom_requires(client, settings):
    SiteSettingsFactory(name="A campaign")
    UpdateFactory(title="We met", slug="we-met", summary="Forty came.", author="Ada", language="en-gb")

    feed = parsed(client)

    assert client.get("/feed.xml")["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.find(f"{ATOM}title").text == "A campaign: updates"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": f"{settings.SITE_URL}/feed.xml", "alternate": f"{settings.SITE_URL}/updates/"}
    assert feed.find(f"{ATOM}updated").text == "2020-01-01T00:00:00+00:00"
    (entry,) = feed.iter(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == f"{settings.SITE_URL}/updates/we-met/"
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Ada"
    assert (entry.find(f"{ATOM}summary").text, entry.get(LANG)) == ("Forty came.", "en-gb")


def test_an_entry_keeps_its_id_and_first_date_after_it_is_renamed_and_published_again(client, settings):
    update = UpdateFactory(slug="old")
    (before,) = entries(client)
    later = datetime(2026, 3, 1, 9, tzinfo=UTC)
    publish(update, slug="new", title="A typo mended", live_at=later)

    (after,) = entries(client)

    assert before["id"] == after["id"] == f"tag:{settings.SITE_HOST},2020-01-01:updates/{update.pk}"
    assert after["published"] == LONG_AGO.isoformat()
    assert (before["updated"], after["updated"]) == (LONG_AGO.isoformat(), later.isoformat())


def test_pages_are_not_in_the_feed(client):
    PageFactory(title="The statement")

    assert entries(client) == []
    text = text_of(client.get("/feed.xml"))
    assert text == text_of(client.get("/feed.xml"))


def test_the_content_is_safe_html_with_absolute_urls(client, settings):
    update = UpdateFactory()
    html = '<p>See <a href="/letters/">the letters</a> &amp; <a href="https://example.org/">that</a>.</p>'
    Text.objects.create(parent=update, region="main", html=html)
    Action.objects.create(parent=update, region="main", title="Act <b>now</b>", label="Sign", url="/pledges/stop/")
    publish(update, check=False)

    (entry,) = entries(client)

    assert f'href="{settings.SITE_URL}/letters/"' in entry["content"]
    assert 'href="https://example.org/"' in entry["content"]
    assert "Act &lt;b&gt;now&lt;/b&gt;" in entry["content"]
    assert "class=" not in entry["content"]


@pytest.mark.parametrize("character", ["\x0b", "\x01", "\ufffe", "\x1b[31m", "]]>", "&#11;"])
def test_a_character_that_xml_forbids_does_not_break_the_feed(client, character):
    bad = f"Before{character}after"
    SiteSettingsFactory(name=bad, description=bad)
    update = UpdateFactory(title=bad, summary=bad, author=bad)
    Text.objects.create(parent=update, region="main", html=f"<p>{bad}</p>")
    Update.objects.get().publish(check=False)

    (entry,) = entries(client)
    assert "Before" in entry["title"]
    assert "Before" in entry["content"]
