"""The tracker for programs: CSV, JSON, the feed of changes, and the card for other sites."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import reverse

from actions.businesses.models import Kind, Sector
from actions.businesses.tracker.days import end_of
from actions.businesses.tracker.snapshots import LICENCE_URL, snapshot
from campaign.sharing.frames import STYLE_HASH
from tests.actions.businesses.ledger import add, deliver, publish_claim, set_deadline
from tests.actions.factories import BrandFactory
from tests.factories import PageFactory, SiteSettingsFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def brand(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    return BrandFactory(slug="cotton", contact="press@cotton.example", sector=Sector.CLOTHING)


def entries(client):
    """Return the feed's entries, each as a dictionary of its children's texts."""
    feed = ElementTree.fromstring(client.get("/businesses/changes.xml").content)  # noqa: S314 - our own
    return [{child.tag.removeprefix(ATOM): child.text for child in one} for one in feed.iter(f"{ATOM}entry")]


def test_a_past_days_json_is_byte_for_byte_what_the_site_served_then(client, brand, ada, grace, time_machine):
    days = []
    for number, kind in enumerate([Kind.LETTER, Kind.REMINDER, Kind.COMMITMENT]):
        time_machine.move_to(NOON + timedelta(days=number), tick=False)
        add(brand, kind, ada, grace)
        day = (NOON + timedelta(days=number)).date()
        time_machine.move_to(end_of(day), tick=False)
        days.append((day, client.get("/businesses/tracker.json").content, snapshot(end_of(day))))
    time_machine.move_to(NOON + timedelta(days=90), tick=False)
    brand.title = "Another name"
    brand.save()
    brand.publish()

    for day, served_then, computed_then in days:
        served = client.get("/businesses/tracker.json", {"day": day.isoformat()}).content
        assert served == served_then == computed_then
    assert len({served for _day, served, _computed in days}) == 3


@pytest.mark.parametrize("name", ["tracker.json", "tracker.csv", "changes.xml"])
def test_any_site_may_read_the_files_under_the_licence(client, brand, name):
    response = client.get(f"/businesses/{name}")

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Link"] == f'<{LICENCE_URL}>; rel="license"'
    assert LICENCE_URL in response.content.decode()
    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies
    assert LICENCE_URL in client.get("/businesses/").content.decode()


def test_the_table_has_a_line_for_each_brand_and_no_formula(client, brand, ada, grace):
    BrandFactory(slug="wool", title="=1+1", products='-2";"=3')
    promise = add(brand, Kind.COMMITMENT, ada, grace)
    set_deadline(promise, ada, grace)
    text = client.get("/businesses/tracker.csv").content.decode("utf-8-sig")
    lines = {line["address"]: line for line in csv.DictReader(StringIO(text))}

    cotton = lines[f"{settings.SITE_URL}/businesses/cotton/"]
    assert (cotton["status"], cotton["basis"], cotton["days_left"]) == ("full", "Self-declared", "365")
    wool = lines[f"{settings.SITE_URL}/businesses/wool/"]
    assert wool["name"] == "'=1+1"
    assert wool["products"].startswith("'-2")


def test_a_file_shows_every_change_at_once(client, brand, ada, grace):
    def status():
        return json.loads(client.get("/businesses/tracker.json").content)["brands"][0]["status"]["code"]

    assert status() == "none"
    add(brand, Kind.COMMITMENT, ada, grace, level="talks")
    assert status() == "talks"
    brand.published = False
    brand.save()
    assert client.get("/businesses/tracker.json").json()["brands"] == []


def test_each_change_in_the_feed_has_its_date_and_a_lasting_id(client, brand, ada, grace, time_machine):
    promise = add(brand, Kind.COMMITMENT, ada, note="It will.")
    time_machine.move_to(NOON + timedelta(hours=1), tick=False)
    brand.record(Kind.CHECK, grace, about=promise)
    [first] = entries(client)
    assert first["title"] == "Cotton & Co: Committed in full (self-declared)"
    assert first["published"] == first["updated"] == "2026-12-01T13:00:00+00:00"
    assert first["id"].startswith("urn:uuid:")

    time_machine.move_to(NOON + timedelta(days=2), tick=False)
    brand.slug = "cotton-and-sons"
    brand.save()
    retraction = brand.record(Kind.RETRACTION, ada, corrects=promise, note="It was somebody else.")
    brand.record(Kind.CHECK, grace, about=retraction)
    [second] = entries(client)
    assert second["id"] == first["id"]
    assert second["published"] == first["published"]
    assert second["updated"] == "2026-12-03T12:00:00+00:00"
    assert second["title"].startswith("Corrected: ")


def test_a_claim_is_in_the_feed_from_the_day_on_which_it_was_published(client, brand, ada, grace, time_machine):
    claim = add(brand, Kind.DECLINED, ada, grace)
    deliver(claim)
    time_machine.move_to(NOON + timedelta(days=16), tick=False)
    assert entries(client) == []

    publish_claim(claim, ada, grace)
    assert [entry["published"] for entry in entries(client)] == ["2026-12-17T12:00:00+00:00"]


def test_a_deadline_that_passes_by_itself_is_in_the_feed(client, brand, ada, grace, time_machine):
    promise = add(brand, Kind.COMMITMENT, ada, grace)
    set_deadline(promise, ada, grace, until=NOON.date() + timedelta(days=20))
    deliver(promise)
    assert len(entries(client)) == 1

    time_machine.move_to(NOON + timedelta(days=30), tick=False)
    passed = entries(client)[0]
    assert "Deadline passed" in passed["title"]
    assert passed["updated"] == "2026-12-22T00:00:00+00:00"


def test_an_empty_feed_is_well_formed_and_stays_the_same(client, db):
    assert entries(client) == []
    assert client.get("/businesses/changes.xml").content == client.get("/businesses/changes.xml").content


def test_other_sites_may_frame_the_card_and_nothing_else(client, brand):
    card = client.get("/businesses/cotton/card/")

    assert "X-Frame-Options" not in card.headers
    assert f"'sha256-{STYLE_HASH}'" in card.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert not card.cookies
    assert client.get("/businesses/cotton/").headers["X-Frame-Options"] == "DENY"


def test_the_card_shows_the_status_and_that_the_company_has_replied(client, brand, ada, grace, time_machine):
    claim = add(brand, Kind.DECLINED, ada, grace)
    deliver(claim)
    add(brand, Kind.REPLY, ada, grace)
    time_machine.move_to(NOON + timedelta(days=16), tick=False)
    assert "The company has replied." not in client.get("/businesses/cotton/card/").content.decode()
    publish_claim(claim, ada, grace)

    text = client.get("/businesses/cotton/card/").content.decode()
    assert "Declined to commit" in text
    assert "The company has replied." in text
    assert f'href="{settings.SITE_URL}/businesses/cotton/"' in text
    page = client.get("/businesses/cotton/").content.decode()
    assert f"&lt;iframe src=&quot;{settings.SITE_URL}/businesses/cotton/card/&quot;" in page


def test_brands_are_in_the_sitemap_but_examples_are_not(client, brand):
    SiteSettingsFactory(publisher_name="A", publisher_address="B", contact_email="us@example.org")
    PageFactory()
    BrandFactory(slug="made-up", is_example=True)
    text = client.get("/sitemap.xml").content.decode()

    assert reverse("businesses:brand", args=["cotton"]) in text
    assert reverse("businesses:brand", args=["made-up"]) not in text
