"""Snapshots of the tracker at a past moment: their queries, and proof that they never change."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from actions.businesses.models import Brand, Code, Kind, Sector
from actions.businesses.tracker.snapshots import snapshot, timeline_snapshot
from tests.actions.businesses.ledger import add, approved, deliver, publish_claim, seal, set_deadline
from tests.actions.businesses.tracker.filling import BRANDS, EACH, fill
from tests.actions.factories import BrandFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def day(number):
    return NOON + timedelta(days=number)


def test_any_past_day_is_rebuilt_byte_for_byte(brand, ada, grace, time_machine):
    """Check every kind of entry, one on each day."""

    def rename():
        brand.title, brand.sector, brand.country = "Cotton & Sons", Sector.SHOES, "FR"
        brand.save()
        brand.publish(check=False)  # because the organisers' form keeps the name once there is a deadline

    def hide():
        brand.published = False
        brand.save()

    made = {}
    acts = {
        0: lambda: made.update(promise=add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2025, 12, 20))),
        1: lambda: set_deadline(made["promise"], ada, grace, until=date(2026, 12, 20)),
        2: lambda: deliver(made["promise"]),
        3: lambda: made.update(claim=add(brand, Kind.BROKEN, ada, grace, happened_on=date(2026, 12, 3))),
        4: lambda: deliver(made["claim"]),
        5: rename,
        20: lambda: BrandFactory(slug="wool", title="Wool"),
        22: lambda: publish_claim(made["claim"], ada, grace),
        23: lambda: add(brand, Kind.KEPT, grace, corrects=made["claim"]),
        25: hide,
    }
    before = {}
    for number, act in acts.items():
        time_machine.move_to(day(number), tick=False)
        act()
        before[number] = snapshot(day(number)), timeline_snapshot(brand, day(number))
    time_machine.move_to(day(400), tick=False)
    Brand.objects.filter(slug="wool").get().publish()

    assert {number: (snapshot(day(number)), timeline_snapshot(brand, day(number))) for number in acts} == before
    first = {number: json.loads(tracker)["brands"][0] for number, (tracker, _timeline) in before.items()}
    codes = {number: brand["status"]["code"] for number, brand in first.items()}
    assert codes[0] == codes[5] == Code.FULL
    assert codes[20] == Code.PASSED
    assert codes[22] == Code.BROKEN
    assert codes[23] == Code.FULL  # a correction of a claim counts at once, and its evidence waits for a check
    assert {brand["name"] for brand in first.values()} == {
        "Cotton & Co",
        "Cotton & Sons",
        "Wool",
    }


def test_a_redaction_shows_as_such_and_leaves_its_date_reason_and_hash(client, brand, ada, grace):
    entry = add(brand, Kind.REPLY, ada, grace, quotation="Mrs Smith says no.")
    seal()
    digest = bytes(entry.digest)
    request = approved("businesses.redact", entry.pk, ada, grace)
    seal()
    entry.redact("It named somebody", request, timezone.now())

    entry.refresh_from_db()
    assert (entry.quotation, entry.entered_by, entry.salt, entry.kind) == ("", None, None, Kind.REDACTED)
    assert bytes(entry.digest) == digest
    text = client.get("/businesses/cotton/").content.decode()
    assert "It named somebody" in text
    assert "Mrs Smith" not in text


def test_a_withdrawn_claim_stays_on_the_page_with_the_day_of_its_withdrawal(client, brand, ada, grace, time_machine):
    time_machine.move_to(NOON)
    claim = add(brand, Kind.DECLINED, ada, grace, note="It declined.")
    deliver(claim)
    time_machine.move_to(day(16))
    publish_claim(claim, ada, grace)
    assert "Declined to commit" in client.get("/businesses/").content.decode()
    brand.record(Kind.RETRACTION, ada, corrects=claim, note="We misread the letter.")

    assert "No public commitment found" in client.get("/businesses/").content.decode()
    text = client.get("/businesses/cotton/").content.decode()
    assert "Withdrawn on 17 December 2026." in text


def test_the_tracker_needs_three_queries_however_many_brands_there_are(django_assert_max_num_queries):
    fill(BRANDS, EACH)
    with django_assert_max_num_queries(3):
        found = Brand.objects.tracked(timezone.now())

    assert len(found) == BRANDS
    assert {brand.status.code for brand in found} == {Code.FULL}
