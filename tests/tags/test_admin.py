"""Tags in the admin, and counting signatures by tag."""

from campaign.tags.counts import signatures_by_tag
from campaign.tags.models import Tag
from tests.accounts.organisers import begin_session, make_established


def test_the_form_says_where_a_tag_is_lost(db, client):
    begin_session(client, make_established())

    assert "From any other page, it is lost" in client.get("/admin/tags/tag/add/").text


def test_tags_are_counted_in_tens_and_small_counts_are_suppressed(monkeypatch):
    monkeypatch.setattr("campaign.tags.counts.COUNTERS", [lambda keys: {1: 9, 2: 17, 3: 5}, lambda keys: {3: 6}])

    assert signatures_by_tag([1, 2, 3]) == {2: 10, 3: 10}


def test_the_list_shows_every_tag_with_one_query_per_counter(db, client, monkeypatch, django_assert_max_num_queries):
    few, many = (Tag.objects.create(name=name, slug=name.lower()) for name in ("Few", "Many"))
    monkeypatch.setattr("campaign.tags.counts.COUNTERS", [lambda keys: {few.pk: 9, many.pk: 128}])
    begin_session(client, make_established())

    with django_assert_max_num_queries(14):
        page = client.get("/admin/tags/tag/").text

    assert "fewer than 10" in page
    assert "120 or more" in page
    assert "?via=many" in page
    assert "128" not in page


def test_the_word_in_a_link_is_checked_and_cannot_be_changed_later(db, client):
    begin_session(client, make_established())

    refused = client.post("/admin/tags/tag/add/", {"name": "Leeds", "slug": "Leeds Leaflet"})
    client.post("/admin/tags/tag/add/", {"name": "Leeds", "slug": "leeds"})
    tag = Tag.objects.get()
    client.post(f"/admin/tags/tag/{tag.pk}/change/", {"name": "Leeds, March", "slug": "york"})

    assert "such as leeds-leaflet" in refused.text
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("Leeds, March", "leeds")
