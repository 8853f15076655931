"""Sharing a pledge: `/pledges/<slug>/share/`."""

import re

import pytest

from tests.factories import publish

PUBLIC = ["share/", "share.png", "qr.svg", "poster.pdf", "badge/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_everything_may_be_cached_and_sets_no_cookie(get, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        response = get(path)

    assert response.status_code == 200
    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("path", PUBLIC)
def test_an_unpublished_pledge_offers_nothing(get, pledge, path):
    pledge.published = False
    pledge.save()
    assert get(path).status_code == 404


@pytest.mark.parametrize("path", ["share.png", "poster.pdf"])
def test_picture_and_poster_are_rendered_once_for_each_version(get, pledge, path, django_assert_num_queries):
    first = get(path)
    with django_assert_num_queries(1):
        again = get(path)
    assert (again.content, again.headers["Content-Type"]) == (first.content, first.headers["Content-Type"])

    pledge.title = "Another title"
    pledge.save()
    assert get(path).content == first.content
    pledge.publish()
    assert get(path).content != first.content


def test_picture_and_poster_of_one_version_are_not_mixed_up(get):
    assert get("share.png").content.startswith(b"\x89PNG")
    assert get("poster.pdf").content.startswith(b"%PDF")


def test_the_share_page_offers_everything(get, pledge, settings):
    settings.SITE_URL = "https://campaign.example"
    page = get("share/").content.decode()

    path = pledge.get_absolute_url()
    assert f'href="{path}share.png?v=' in page
    for name in ("qr.svg", "poster.pdf", "badge/"):
        assert f'href="{path}{name}"' in page
    assert f"https://campaign.example{path}</a>" in page
    assert f"&lt;iframe src=&quot;https://campaign.example{path}badge/&quot;" in page
    assert re.search(r"<textarea[^>]* readonly", page)


def test_a_hostile_title_cannot_break_out_of_the_page_or_the_embed_code(get, pledge):
    publish(pledge, title='"></iframe></textarea><b>x')
    page = get("share/").content.decode()

    snippet = re.search(r"<textarea[^>]* readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    assert "&amp;quot;&amp;gt;&amp;lt;/iframe" in snippet


@pytest.mark.parametrize("path", ["", "thank-you/"])
def test_the_pledge_and_thank_you_pages_link_to_the_share_page(get, pledge, path):
    assert f'href="{pledge.get_absolute_url()}share/"' in get(path).content.decode()
