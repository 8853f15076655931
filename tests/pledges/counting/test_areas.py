"""Counts by nation, region and constituency, shown in tens and suppressed where few people signed."""

import re
from collections import Counter

import pytest
from django.core.management import call_command

from campaign.places.models import Constituency
from pledges.counting.areas import counts_by_area, home_map
from pledges.counting.publishing import publish_counts
from pledges.models import AreaCount, Pledge, Signature
from tests.factories import OrganiserFactory, SignatureFactory, make_sector

LEEDS, YORK, HOVE, CARDIFF = "E14001337", "E14001612", "E14001291", "W07000093"


@pytest.fixture
def places(db):
    for code, name, nation, region in (
        (LEEDS, "Leeds South", "E", "Yorkshire and The Humber"),
        (YORK, "York Central", "E", "Yorkshire and The Humber"),
        (HOVE, "Hove and Portslade", "E", "South East"),
        (CARDIFF, "Cardiff West", "W", ""),
    ):
        Constituency.objects.create(code=code, name=name, nation=nation, region=region)


def add_signatures(pledge, **numbers):
    for code, number in numbers.items():
        SignatureFactory.create_batch(number, pledge=pledge, confirmed=True, area_code=code)
    while publish_counts():
        pass


def published_areas():
    return counts_by_area(Pledge.objects.with_count().get())


def test_each_area_is_counted_and_small_counts_are_suppressed(client, pledge, places):
    add_signatures(pledge, **{LEEDS: 12, YORK: 15, HOVE: 11, CARDIFF: 9})

    areas = client.get(f"{pledge.get_absolute_url()}count.json").json()["areas"]

    assert areas["nations"] == {}  # England alone would reveal the count of Wales
    assert published_areas().constituencies == {}
    add_signatures(pledge, **{CARDIFF: 1})
    areas = client.get(f"{pledge.get_absolute_url()}count.json").json()["areas"]
    assert areas["nations"] == {"England": 30, "Wales": 10}
    assert areas["regions"] == {"Yorkshire and The Humber": 20, "South East": 10}
    assert areas["constituencies"] == dict.fromkeys(
        ("Cardiff West", "Hove and Portslade", "Leeds South", "York Central"), 10
    )


def test_one_more_signature_does_not_show_where_it_came_from(client, pledge, places):
    add_signatures(pledge, **{LEEDS: 12, YORK: 18, HOVE: 11, CARDIFF: 14})
    before = client.get(f"{pledge.get_absolute_url()}count.json").json()
    add_signatures(pledge, **{LEEDS: 1})
    after = client.get(f"{pledge.get_absolute_url()}count.json").json()

    assert after["count"] == before["count"] + 1
    assert after["areas"] == before["areas"]
    assert list(after["areas"]["constituencies"]) == list(before["areas"]["constituencies"])


def test_a_small_constituency_is_not_revealed_by_the_count_of_its_region(pledge, places):
    add_signatures(pledge, **{LEEDS: 30, YORK: 4, HOVE: 20, CARDIFF: 20})
    areas = published_areas()

    assert areas.regions == {"Yorkshire and The Humber": 30, "South East": 20}
    assert areas.by_name()["constituencies"] == {"Cardiff West": 20, "Hove and Portslade": 20}


def test_a_constituency_without_signatures_is_not_shown_to_have_none(client, pledge, places):
    add_signatures(pledge, **{LEEDS: 30, HOVE: 20, CARDIFF: 20})
    page = client.get(f"{pledge.get_absolute_url()}areas/").text

    assert "Leeds South" not in page
    assert "York Central" not in page
    assert "Hove and Portslade" in page


def test_people_without_a_constituency_keep_a_small_nation_from_being_worked_out(pledge, places):
    add_signatures(pledge, **{LEEDS: 12, YORK: 15, HOVE: 11, CARDIFF: 1, "": 12})

    assert published_areas().nations == {"England": 30}


def test_the_page_shows_tables_sets_no_cookie_and_takes_few_queries(
    client, pledge, places, django_assert_max_num_queries
):
    add_signatures(pledge, **{LEEDS: 12, YORK: 11, HOVE: 13, CARDIFF: 10})
    with django_assert_max_num_queries(5):
        response = client.get(f"{pledge.get_absolute_url()}areas/")

    page = response.content.decode()
    assert "a map of 4 constituencies, of which 4 have a number" in " ".join(page.split())
    assert "Leeds South" in page
    assert "Cardiff West" in page
    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]


def test_the_constituencies_can_be_sorted_by_number(client, pledge, places):
    add_signatures(pledge, **{LEEDS: 12, YORK: 20, HOVE: 11, CARDIFF: 10})

    pages = [client.get(f"{pledge.get_absolute_url()}{path}").content.decode() for path in ("areas/", "areas/largest/")]
    tables = [re.findall(r'row">(\w+) \w+</th>', page.split('id="constituencies"')[1]) for page in pages]
    assert tables == [["Cardiff", "Leeds", "York"], ["York", "Cardiff", "Leeds"]]


def test_the_home_page_shows_a_map_of_ten_or_more_counts_in_two_queries(pledge, django_assert_num_queries):
    codes = [f"E1400{number}" for number in range(1063, 1073)]
    Constituency.objects.bulk_create(Constituency(code=code, name=code, nation="E") for code in codes)
    AreaCount.objects.bulk_create(AreaCount(pledge=pledge, area_code=code, count=20) for code in codes)
    pledge = Pledge.objects.with_count().get()
    with django_assert_num_queries(2):
        drawn = home_map(pledge)

    assert drawn.shown == 10
    AreaCount.objects.filter(area_code=codes[0]).delete()
    assert home_map(pledge) is None


def test_the_page_says_when_there_are_too_few_signatures(client, pledge):
    assert "too few signatures" in client.get(f"{pledge.get_absolute_url()}areas/").content.decode()


def test_the_postcode_determines_the_constituency(sign, places):
    make_sector("NW3 7", UX=LEEDS)
    sign()

    assert Signature.objects.get().area_code == LEEDS


def test_an_unknown_postcode_leaves_the_constituency_empty(sign):
    sign()

    assert Signature.objects.get().area_code == ""


def test_area_counts_stay_exact_after_withdrawing_rejecting_and_accepting(pledge):
    organiser = OrganiserFactory()
    add_signatures(pledge, **{LEEDS: 5, YORK: 5})
    for signature in Signature.objects.filter(area_code=LEEDS)[:2]:
        signature.withdraw()
    Signature.objects.filter(area_code=YORK).change_state("rejected", organiser, "All.")
    publish_counts()
    Signature.objects.filter(pk=Signature.objects.filter(area_code=YORK)[0].pk).change_state(
        "confirmed", organiser, "One."
    )
    call_command("publish_counts", "--once")

    fresh = Counter(Signature.objects.filter(state="confirmed").values_list("area_code", flat=True))
    assert dict(AreaCount.objects.filter(count__gt=0).values_list("area_code", "count")) == dict(fresh)


def test_area_counts_stay_exact_when_somebody_signs_again_from_elsewhere_before_publishing(
    client, pledge, sign, places, confirm_link
):
    make_sector("NW3 7", UX=LEEDS)
    make_sector("YO1 7", HH=YORK)
    sign()
    client.post(confirm_link())
    publish_counts()
    Signature.objects.get().withdraw()
    sign(postcode="YO1 7HH")
    publish_counts()

    assert not AreaCount.objects.filter(count__gt=0).exists()
