"""The list of brands and a brand's page: `/businesses/` and `/businesses/<slug>/`."""

import re
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.businesses.examples import load_examples
from actions.businesses.models import Basis, Brand, CallToAction, Endorsement, Entry, Kind, Level, Sector
from actions.businesses.models.call import Ask
from campaign.pages.models import MenuItem, SiteSettings
from tests.actions.businesses.ledger import add, check, deliver, publish_claim, set_deadline
from tests.actions.businesses.test_tracker import fill
from tests.actions.factories import BrandFactory
from tests.factories import SiteSettingsFactory, make_document
from tests.sizes import FULL, size

pytestmark = pytest.mark.django_db
BRANDS, EACH = size((30, 10), (1000, 25))  # entries of each, and as many checks
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def get(client):
    """Return a function that returns the HTML of a page below /businesses/."""
    return lambda path="", **query: client.get(f"/businesses/{path}", query).content.decode()


@pytest.fixture
def brands(ada, grace):
    """Add four brands that differ in everything by which the list can be filtered and sorted."""
    asked = BrandFactory(slug="asked", title="Zebra Shoes", sector=Sector.SHOES, country="FR", parent="Ünïted Group")
    full = BrandFactory(slug="full", title="Alpha Jeans", sector=Sector.CLOTHING, country="GB", products="Trousers")
    partial = BrandFactory(
        slug="partial", title="Beta Solar", sector=Sector.SOLAR, country="DE", other_names="Sonne AG"
    )
    BrandFactory(slug="none", title="Gamma Toys", sector=Sector.TOYS)
    add(asked, Kind.LETTER, ada, grace, happened_on=date(2026, 10, 1))
    add(partial, Kind.COMMITMENT, ada, grace, level=Level.PARTIAL, happened_on=date(2026, 11, 1))
    promise = add(full, Kind.COMMITMENT, ada, grace, happened_on=date(2026, 9, 1), basis=Basis.VERIFIED)
    set_deadline(promise, ada, grace)
    return [asked, full, partial]


@pytest.fixture
def claim(brand, ada, grace, time_machine):
    """Return a published claim."""
    time_machine.move_to(NOON, tick=False)
    claim = add(brand, Kind.DECLINED, ada, grace, note="It wrote that it will not commit.")
    deliver(claim)
    time_machine.move_to(NOON + timedelta(days=16), tick=False)
    publish_claim(claim, ada, grace)
    return claim


def listed(text):
    """Return the slugs of the brands in the list, in order."""
    return re.findall(r'<th scope="row" role="rowheader">\s*<a href="/businesses/([\w-]+)/', text)


CASES = [
    ({}, ["full", "partial", "none", "asked"]),
    ({"sort": "status"}, ["none", "asked", "partial", "full"]),
    ({"sort": "date"}, ["none", "partial", "asked", "full"]),
    ({"sort": "deadline"}, ["full", "partial", "none", "asked"]),
    ({"status": "partial"}, ["partial"]),
    ({"sector": "shoes"}, ["asked"]),
    ({"country": "GB"}, ["full"]),
    ({"q": "united"}, ["asked"]),
    ({"q": "sonne SOLAR"}, ["partial"]),
    ({"q": "trousers"}, ["full"]),
    ({"q": "nothing like it"}, []),
    ({"status": "partial", "country": "GB"}, []),
]
HOSTILE = ["'\"><script>", "9" * 5000, "-1", "²", "\u202e%00", "2026-13-45", "0001-01-01", "٢٠٢٦-١١-٠١"]


def test_the_list_is_filtered_and_sorted_by_the_address(get, brands):
    assert [listed(get(**query)) for query, _found in CASES] == [found for _query, found in CASES]


def test_parameters_that_make_no_sense_break_nothing(client, brands):
    for value in HOSTILE:
        query = dict.fromkeys(["q", "status", "sector", "country", "sort", "page", "day"], value)
        for path in ("", "full/"):
            response = client.get(f"/businesses/{path}", query)
            assert response.status_code == 200, (path, value)
            assert "<script>" not in response.content.decode()
    assert listed(client.get("/businesses/", query | {"q": ""}).content.decode()) == [
        "full",
        "partial",
        "none",
        "asked",
    ]


def test_the_list_has_fifty_brands_a_page_and_keeps_its_filter(get):
    BrandFactory.create_batch(51)
    assert len(listed(get(q="cotton"))) == 50
    assert 'href="?q=cotton&amp;page=2#list"' in get(q="cotton")
    assert len(listed(get(q="cotton", page="2"))) == 1


def test_self_declared_and_verified_differ_in_words_and_in_shape(get, brands):
    rows = get().split('<tr role="row">')
    [verified] = [row for row in rows if "/businesses/full/" in row]
    [declared] = [row for row in rows if "/businesses/partial/" in row]
    assert "basis-verified" in verified
    assert "Verified by us" in verified
    assert "basis-self" in declared
    assert "Self-declared" in declared
    assert "<svg" in verified.split("basis-verified")[1]
    assert "<svg" not in declared.split("basis-self")[1]


def test_the_figures_count_every_brand_and_plot_status_and_sector(get, brands):
    text = get()
    assert re.search(r'class="number">\s*4\s*<', text)
    assert re.search(r'class="number">\s*2\s*<', text)
    assert text.count('<table class="numbers bars">') == 2


def test_examples_are_marked_everywhere_and_counted_only_while_there_is_nothing_else(client, get, time_machine):
    load_examples(NOON)
    time_machine.move_to(NOON, tick=False)
    assert get().count('class="example"') == 3
    assert "Declined to commit" in get("example-shoe-shop/")
    assert "These figures count examples" in get()
    for path in ("example-shoe-shop/", "example-shoe-shop/card/"):
        assert 'class="example"' in get(path)
    assert 'content="noindex"' in get("example-shoe-shop/")
    assert all(brand["example"] for brand in client.get("/businesses/tracker.json").json()["brands"])
    assert get("tracker.csv").count(",example,") == 4

    BrandFactory()
    assert "These figures count examples" not in get()
    assert re.search(r'class="number">\s*1\s*<', get())


def test_the_reply_is_shown_beside_the_claim_in_the_same_kind_of_box(get, brand, claim, ada, grace):
    assert get("cotton/").count("No reply from the company has been published") == 2
    add(brand, Kind.REPLY, ada, grace, quotation="We ask our suppliers for certificates.")

    text = get("cotton/")
    standing, timeline = text.split('id="timeline"')
    for part in (standing, timeline.split('class="sides"')[1]):
        assert part.count('class="side"') in (1, 2)
        assert "We ask our suppliers for certificates." in part
    assert "Read the company’s reply" in get()


def test_an_entry_shows_its_date_evidence_and_how_we_know(get, brand, ada, grace):
    document = make_document()
    entry = add(
        *(brand, Kind.COMMITMENT, ada, grace),
        happened_on=date(2026, 11, 2),
        archive_url="https://web.archive.org/web/2026/https://example.org/letters/2026-11-02",
        document=document,
        quotation="We will.",
        basis=Basis.VERIFIED,
    )
    text = get("cotton/")
    assert f'id="entry-{entry.pk}"' in text
    for words in ("2 November 2026", "We will.", "web.archive.org", document.download_url, "basis-verified"):
        assert words in text
    assert document.sha256()[:12] in text


def test_a_withdrawn_claim_is_struck_and_folded_and_its_reason_appears_once_checked(
    get, brand, claim, ada, grace, time_machine
):
    time_machine.move_to(NOON + timedelta(days=20), tick=False)
    retraction = brand.record(Kind.RETRACTION, ada, corrects=claim, note="We misread the letter.")
    item = lambda **query: get("cotton/", **query).split(f'id="entry-{claim.pk}"')[1].split("</li>")[0]  # noqa: E731
    assert "Withdrawn on 21 December 2026." in item()
    assert "We misread the letter." not in item()
    check(retraction, grace)
    assert "We misread the letter." in item()
    assert "<s>Declined</s>" in item()
    assert "It wrote that it will not commit." in item().split("<details")[1]

    past = item(day="2026-12-18")
    assert "Withdrawn on 21 December 2026." in past
    assert "<details" not in past


def test_a_corrected_claim_keeps_the_replies_to_the_first_one(get, brand, claim, ada, grace, time_machine):
    add(brand, Kind.REPLY, ada, grace, quotation="We ask our suppliers for certificates.")
    for days in (17, 34):
        time_machine.move_to(NOON + timedelta(days=days), tick=False)
        claim = add(brand, Kind.DECLINED, ada, grace, corrects=claim, note="It declined on paper.")
        deliver(claim)
    time_machine.move_to(NOON + timedelta(days=51), tick=False)
    publish_claim(claim, ada, grace)

    page = get("cotton/")
    status, entry = page.split('id="reply"')[1], page.split(f'id="entry-{claim.pk}"')[1].split('id="entry-')[0]
    for part in (status.split('id="timeline"')[0], entry):
        assert "We ask our suppliers for certificates." in part
    assert "Read the company’s reply" in get()
    assert brand.entries.replies_to(claim, NOON + timedelta(days=51)).exists()


def test_a_brand_without_entries_says_so(get, brand):
    assert "Nothing has been recorded yet." in get("cotton/")


def test_the_timeline_is_shown_fifty_entries_a_page(get, brand, ada, grace):
    for _ in range(51):
        add(brand, Kind.MEETING, ada, grace)

    assert get("cotton/").count('id="entry-') == 50
    assert get("cotton/", page="2").count('id="entry-') == 1
    assert "page=1#timeline" in get("cotton/", page="2")


def test_the_days_left_are_shown_and_the_status_changes_in_caches_at_midnight(client, brands, settings, time_machine):
    settings.PAGE_CACHE_SECONDS = 30
    time_machine.move_to(datetime(2027, 8, 31, 22, 59, 50, tzinfo=UTC), tick=False)  # midnight in London is at 23:00
    assert "1 day left" in client.get("/businesses/full/").content.decode()
    for path in ("", "full/", "full/card/", "tracker.json", "changes.xml"):
        assert "s-maxage=10" in client.get(f"/businesses/{path}").headers["Cache-Control"]


def test_the_call_shows_its_asks_and_a_few_of_the_organisations_that_endorse_it(get):
    call = CallToAction(title="Our call")
    call.save()
    Ask(call=call, text="Publish your suppliers", details="All of them.").save()
    call.publish(check=False)
    for number in range(13):
        Endorsement.objects.create(call=call, organisation=f"Org {number:02}", checked_at=NOON)
    text = get()
    assert "Publish your suppliers" in text
    assert "13 organisations" in text
    assert "Org 07" in text
    assert "Org 08" not in text
    assert "Org 12" in get("endorsements/")


def test_public_pages_take_under_ten_queries_whatever_the_size_and_use_the_indexes(client, ada, grace):
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
    for path in ("", f"{slug}/", f"{slug}/card/", "tracker.json", "tracker.csv", "changes.xml", "endorsements/"):
        for day in ("", "?day=2026-11-01"):
            caches["rendered"].clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/businesses/{path}{day}").status_code == 200
            assert len(queries) < 10, (path, day)


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
        client.get(f"/businesses/{path}")  # which compiles the templates, and keeps the snapshot
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


def test_an_entry_hidden_while_a_complaint_is_examined_is_hidden_on_past_days_too(get, brand, claim, ada, time_machine):
    time_machine.move_to(NOON + timedelta(days=20), tick=False)
    brand.record(Kind.HIDDEN, ada, about=claim)

    past = get("cotton/", day="2026-12-18")
    assert "It wrote that it will not commit." not in past
    assert "A complaint about this entry is being examined" in past
