"""The badge that other sites can embed."""

import re
from base64 import b64encode
from hashlib import sha256

from tests.pledges.share.conftest import set_count


def test_other_sites_may_frame_the_badge_and_nothing_else(get):
    badge = get("badge/")

    assert "X-Frame-Options" not in badge.headers
    assert badge.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    policy = badge.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    for path in ("", "share/"):
        other = get(path)
        assert other.headers["X-Frame-Options"] == "DENY"
        assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]


def test_a_conditional_request_keeps_the_headers_that_allow_framing(get):
    first = get("badge/")
    again = get("badge/", if_none_match=first.headers["ETag"])

    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]
    assert again.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_policy_allows_the_badges_own_style_and_no_other(get):
    response = get("badge/")
    style = re.search(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_the_badge_needs_one_query(get, pledge, django_assert_num_queries):
    with django_assert_num_queries(1):
        get("badge/")


def test_the_badge_shows_the_count_and_its_link_leaves_the_frame(get, pledge, settings):
    settings.SITE_URL = "https://campaign.example"
    set_count(pledge, 1234)
    page = get("badge/").content.decode()

    assert "<strong>1,234 signatures</strong>. Goal: 2,000" in page
    assert '<progress value="1234"' in page
    assert f'<a href="https://campaign.example{pledge.get_absolute_url()}" target="_top">' in page
    assert "Add your name" in page
    assert "src=" not in page

    pledge.closes_at = pledge.updated_at
    pledge.save()
    assert "Add your name" not in get("badge/").content.decode()
