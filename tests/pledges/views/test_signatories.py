"""The public list: `/pledges/<slug>/signatories/`."""

import re

import pytest

from pledges.counting.publishing import publish_counts
from pledges.views.paging import NAMES_A_PAGE
from tests.factories import SignatureFactory


@pytest.fixture
def signed_pledge(pledge):
    SignatureFactory.create_batch(NAMES_A_PAGE + 20, pledge=pledge, public=True)
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True)
    publish_counts()
    return pledge


def test_every_public_name_is_on_exactly_one_page(client, signed_pledge):
    address, names = signed_pledge.get_absolute_url() + "signatories/", []
    while address:
        page = client.get(address).content.decode()
        names += re.findall(r"Ada Lovelace \d+", page)
        following = re.search(r'href="([^"]*\?before=\d+)"', page)
        address = following and following[1]

    assert len(names) == len(set(names)) == NAMES_A_PAGE + 20


def test_search_engines_are_asked_not_to_index_the_list(client, pledge):
    page = client.get(pledge.get_absolute_url() + "signatories/").content.decode()

    assert re.search(r'<meta name="robots" content="noindex, nofollow"', page)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "1; DROP TABLE", "\u0663"])
def test_a_nonsense_position_still_shows_a_page(client, signed_pledge, before):
    response = client.get(signed_pledge.get_absolute_url() + "signatories/", {"before": before})

    assert response.status_code == 200


def test_the_page_takes_few_queries_sets_no_cookie_and_may_be_cached(client, signed_pledge, django_assert_num_queries):
    with django_assert_num_queries(5):
        response = client.get(signed_pledge.get_absolute_url() + "signatories/")

    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]


def test_a_hostile_name_is_shown_as_text(client, pledge):
    SignatureFactory(pledge=pledge, public=True, name="<script>alert(1)</script>")
    publish_counts()

    page = client.get(pledge.get_absolute_url() + "signatories/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_other_sites_can_read_the_count(client, signed_pledge):
    response = client.get(signed_pledge.get_absolute_url() + "count.json")

    assert response.json() == {
        "count": NAMES_A_PAGE + 23,
        "goal": 1000,
        "on_paper": 0,
        "areas": {"nations": {}, "regions": {}, "constituencies": {}},
        "wording": 1,
        "wordings": {"1": 120},  # in tens, as by area
    }
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_the_count_may_be_cached_briefly_and_served_stale_while_it_is_refreshed(client, pledge, settings):
    settings.PAGE_CACHE_SECONDS = 30
    address = pledge.get_absolute_url() + "count.json"
    response = client.get(address)

    kept = set(response.headers["Cache-Control"].split(", "))
    assert kept == {"public", "max-age=30", "s-maxage=30", "stale-while-revalidate=300"}
    assert client.get(address, headers={"if-none-match": response.headers["ETag"]}).status_code == 304
