"""The page with the call, the figures and the list of brands: `/businesses/`."""

import re
from datetime import UTC, date, datetime

import pytest

from actions.businesses.examples import load_examples
from actions.businesses.models import Basis, CallToAction, Endorsement, Kind, Level, Sector
from actions.businesses.models.call import Ask
from tests.actions.businesses.ledger import add, set_deadline
from tests.actions.factories import BrandFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
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


@pytest.fixture
def brands(ada, grace):
    """Add four brands that differ in every value by which visitors can filter and sort the list."""
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


def listed(text):
    """Return the slugs of the brands in the list, in order."""
    return re.findall(r'<th scope="row">\s*<a href="/businesses/([\w-]+)/', text)


def test_the_list_is_filtered_and_sorted_by_its_parameters(get, brands):
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
    rows = get().split("<tr>")
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


def test_examples_are_marked_everywhere_and_counted_only_while_there_are_no_other_brands(client, get, time_machine):
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


def test_the_days_left_are_shown_and_no_cache_keeps_a_page_past_midnight(client, brands, settings, time_machine):
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
