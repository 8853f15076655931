"""Public pages need few queries, use the indexes, and are quick with a thousand brands."""

from datetime import UTC, datetime
from time import perf_counter

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.businesses.models import Brand, CallToAction, Endorsement, Entry, Kind
from campaign.pages.models import MenuItem, SiteSettings
from tests.actions.businesses.tracker.filling import BRANDS, EACH, fill
from tests.actions.factories import BrandFactory
from tests.factories import SiteSettingsFactory
from tests.sizes import FULL

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_public_pages_need_under_ten_queries_whatever_the_size_and_use_the_indexes(client, ada, grace):
    SiteSettingsFactory()
    fill(BRANDS, EACH)
    first = Entry.objects.filter(kind=Kind.DECLINED).first()
    call = CallToAction(title="Our call")
    call.save()
    call.publish(check=False)
    Endorsement.objects.create(call=call, organisation="Org", checked_at=NOON)
    MenuItem.objects.create(place="header", label="A page", url="/statement/")
    SiteSettings.objects.get().publish()
    BrandFactory()  # about which nothing is recorded
    slug = first.brand.slug
    present = ["", f"{slug}/", f"{slug}/card/", "tracker.json", "tracker.csv", "changes.xml", "endorsements/"]
    past = [f"{path}?day=2026-11-01" for path in ("", f"{slug}/", "tracker.json")]
    for path in (*present, *past):
        caches["rendered"].clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/businesses/{path}").status_code == 200
        assert len(queries) < 10, path


@pytest.mark.skipif(not FULL, reason="It takes 1,000 brands to be slow.")
def test_each_page_is_quick_with_a_thousand_brands(client):
    SiteSettingsFactory()
    fill(BRANDS, EACH)
    slug = Brand.objects.last().slug
    for path in (
        "",
        "?q=cotton&sort=date",
        "?day=2026-11-01",
        f"{slug}/",
        f"{slug}/card/",
        "tracker.json",
        "changes.xml",
    ):
        client.get(f"/businesses/{path}")  # this compiles the templates, and caches the snapshot
        began = perf_counter()
        client.get(f"/businesses/{path}")
        assert perf_counter() - began < 1, path  # about 0.15 on an idle machine


def test_a_brands_timeline_is_found_by_its_index():
    fill(5, 40)
    brand = Brand.objects.first()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        with CaptureQueriesContext(connection) as queries:
            list(brand.timeline(NOON)[:50])
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on businesses_entry" not in plan
