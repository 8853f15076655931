"""The tag in the link that a signer followed: `/pledges/<slug>/?via=<tag>`."""

import pytest

from campaign.links.models import Redirect
from campaign.tags.counts import signatures_by_tag
from campaign.tags.models import Tag
from pledges.counting.publishing import publish_counts
from pledges.models import Signature, TagCount
from tests.factories import SignatureFactory
from tests.pledges.conftest import ANSWERS, post_and_agree


@pytest.fixture
def tag(db):
    return Tag.objects.create(name="Leaflet, Leeds", slug="leeds-leaflet")


@pytest.fixture
def follow(client, pledge, tag):
    """Sign on the page that a tagged link opens. Return the response."""

    def sign(query="?via=leeds-leaflet", **changes):
        return post_and_agree(client, pledge.get_absolute_url() + query, ANSWERS | changes)

    return sign


def counted():
    """Publish everything that is waiting, then return the published count by tag."""
    publish_counts()
    return dict(TagCount.objects.values_list("tag__slug", "count"))


def test_the_form_has_no_action_so_browsers_post_to_the_tagged_address(client, pledge, tag):
    page = client.get(f"{pledge.get_absolute_url()}?via=leeds-leaflet").text

    form = page.partition('id="sign"')[0].rpartition("<form")[2] + page.partition('id="sign"')[2].partition(">")[0]
    assert "action" not in form
    assert "leeds-leaflet" not in page


@pytest.mark.parametrize("visibility", ["private", "public"])
def test_a_private_or_public_signature_keeps_the_tag_of_its_link(follow, tag, visibility):
    assert follow(visibility=visibility).status_code == 302

    assert Signature.objects.get().tag == tag


def test_the_tag_survives_an_error_in_the_form(client, pledge, tag):
    response = client.post(f"{pledge.get_absolute_url()}?via=leeds-leaflet", ANSWERS | {"name": ""})

    assert response.status_code == 200
    assert "action=" not in response.text.partition('id="sign"')[2].partition(">")[0]


@pytest.mark.parametrize("query", ["", "?via=", "?via=unknown", "?via=%00x", "?via=Ü", "?via=" + "a" * 5000])
def test_an_unknown_or_garbled_tag_is_dropped_but_the_signature_counts(follow, query):
    response = follow(query)

    assert response.status_code == 302 or "%00" in query
    assert not Signature.objects.exclude(tag=None).exists()


def test_count_me_only_never_stores_a_tag_even_before_confirming(follow, tag):
    follow()
    follow(visibility="count", email="ada@example.org")
    follow(visibility="count")  # the first signer signs again with another choice

    assert list(Signature.objects.values_list("tag", flat=True)) == [None, None]


def test_signing_still_takes_one_statement(follow, django_assert_num_queries):
    with django_assert_num_queries(1):
        follow(postcode="")


def test_counts_by_tag_rise_and_fall_with_the_published_count(pledge, tag):
    first, _second = SignatureFactory.create_batch(2, pledge=pledge, confirmed=True, tag=tag)
    SignatureFactory(pledge=pledge, confirmed=True)
    SignatureFactory(pledge=pledge, tag=tag)
    assert not TagCount.objects.exists()
    assert counted() == {"leeds-leaflet": 2}
    Signature.objects.filter(pk=first.pk).update(state="rejected")
    assert counted() == {"leeds-leaflet": 1}


@pytest.mark.parametrize(("published", "left"), [(True, 1), (False, 1)])
def test_withdrawing_erases_the_tag_at_once_and_is_subtracted_only_once(pledge, tag, published, left):
    first, _second = SignatureFactory.create_batch(2, pledge=pledge, confirmed=True, tag=tag)
    if published:
        counted()
    Signature.objects.get(pk=first.pk).withdraw()

    assert Signature.objects.get(pk=first.pk).tag is None
    assert counted() == {"leeds-leaflet": left}


def test_changing_to_count_me_only_erases_the_tag(pledge, tag):
    signature = SignatureFactory(pledge=pledge, confirmed=True, tag=tag)
    signature.change("count", name="", shown_name="", town="", updates=False)

    assert Signature.objects.get().tag is None


def test_erasing_the_signers_of_a_closed_pledge_keeps_the_counts_by_tag(pledge, tag):
    SignatureFactory.create_batch(12, pledge=pledge, confirmed=True, tag=tag)
    counted()
    pledge.erase_signers()

    assert not Signature.objects.exclude(tag=None).exists()
    assert signatures_by_tag([tag.pk]) == {tag.pk: 10}


def test_deleting_a_tag_keeps_its_signatures(pledge, tag):
    SignatureFactory(pledge=pledge, confirmed=True, tag=tag)
    counted()
    tag.delete()

    assert Signature.objects.get().tag is None
    assert counted() == {}


def test_a_former_address_keeps_the_tag_and_no_cache_keeps_the_redirect(client, pledge, tag):
    Redirect.objects.record(pledge, "/pledges/old", pledge.get_absolute_url().rstrip("/"))
    response = client.get("/pledges/old/?via=leeds-leaflet")

    assert response.headers["Location"] == f"{pledge.get_absolute_url()}?via=leeds-leaflet"
    assert "no-store" in response.headers["Cache-Control"]
    assert "s-maxage" in client.get("/pledges/old/").headers["Cache-Control"]
