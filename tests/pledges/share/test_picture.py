"""The picture that social networks show for a pledge."""

import re
import struct
from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.pages.models import SiteSettings
from campaign.sharing.picture import HEIGHT, WIDTH
from pledges.models import Pledge
from pledges.share.picture import draw
from tests.factories import publish
from tests.pledges.share.conftest import HEBREW, set_count


@pytest.mark.parametrize(
    "title",
    ["Stop it", HEBREW, "long words of a title " * 7, "W" * 150, "#let x = [*bold*] $a$ \\ @b <c>"],
    ids=["short", "hebrew", "long", "one word", "markup"],
)
def test_the_picture_has_the_size_stated_on_the_page(get, pledge, title):
    publish(pledge, title=title[:150])
    response = get("share.png")

    assert response.headers["Content-Type"] == "image/png"
    signature, width, height = struct.unpack("!8s8xII", response.content[:24])
    assert signature == b"\x89PNG\r\n\x1a\n"
    assert (width, height) == (WIDTH, HEIGHT) == (1200, 630)
    page = get("").content.decode()
    assert f'<meta property="og:image:width" content="{width}">' in page
    assert f'<meta property="og:image:height" content="{height}">' in page


def test_the_picture_changes_with_the_count(get, pledge):
    none = get("share.png").content
    set_count(pledge, 500)
    assert get("share.png").content != none


def test_the_picture_states_the_goal(get, pledge):
    first = get("share.png").content
    pledge.goal = 3000  # with no signatures the bar is the same
    pledge.save()
    assert get("share.png").content != first


def test_the_picture_of_a_closed_pledge_does_not_ask_for_signatures(pledge):
    shown = Pledge.objects.published().with_count().get(pk=pledge.pk)
    still_open = draw(shown, SiteSettings.current())
    shown.closes_at = shown.updated_at
    assert draw(shown, SiteSettings.current()) != still_open


@pytest.mark.parametrize("path", ["", "thank-you/", "share/"])
def test_social_networks_get_the_absolute_url_of_the_picture(get, pledge, settings, path):
    settings.SITE_URL = "https://campaign.example"
    page = " ".join(get(path).content.decode().split())

    address = f"https://campaign.example{pledge.get_absolute_url()}share.png"
    assert re.search(rf'<meta property="og:image" content="{address}\?v=[0-9a-f]{{12}}">', page)
    assert '<meta property="og:image:alt" content="“Stop it”, with the number of signatures">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page


def picture_address(get, path="share/"):
    """Return the query string of the picture's URL on a page."""
    return re.search(r"share\.png(\?v=\w+)", get(path).content.decode())[1]


def test_the_pictures_address_changes_with_everything_that_it_shows_and_with_nothing_else(get, pledge, time_machine):
    seen = [picture_address(get)]
    set_count(pledge, 10)
    seen.append(picture_address(get))
    pledge.touch_published_count()
    assert picture_address(get) == seen[-1]
    pledge.title = "Another title"
    pledge.save()
    assert picture_address(get) == seen[-1]
    pledge.publish()
    seen.append(picture_address(get))
    pledge.goal = 3000
    pledge.save()
    seen.append(picture_address(get))
    publish(SiteSettings.objects.get(), name="Another campaign")
    seen.append(picture_address(get))
    pledge.closes_at = timezone.now() + timedelta(hours=1)
    pledge.save()
    assert picture_address(get) == seen[-1]
    time_machine.move_to(pledge.closes_at)
    seen.append(picture_address(get))

    assert len(set(seen)) == len(seen) == 6
    assert {picture_address(get, path) for path in ("", "thank-you/", "share/")} == {seen[-1]}


def test_a_picture_may_be_kept_only_under_the_address_of_its_version(get, pledge):
    first = picture_address(get)
    for path in (f"share.png{first}", f"share.png{first}&utm_source=x"):
        headers = get(path).headers
        assert "max-age=31536000" in headers["Cache-Control"]
        assert "immutable" in headers["Cache-Control"]
    set_count(pledge, 10)

    for path in (f"share.png{first}", "share.png", "share.png?v=", "share.png?v=zzz"):
        old = get(path)
        assert old.content == get(f"share.png{picture_address(get)}").content
        assert "max-age=0" in old.headers["Cache-Control"]
        assert "immutable" not in old.headers["Cache-Control"]


def test_the_picture_of_a_pledge_that_closes_is_made_again(get, pledge, time_machine):
    pledge.closes_at = timezone.now() + timedelta(minutes=1)
    pledge.save()
    first = get("share.png").content
    time_machine.move_to(pledge.closes_at)

    assert get("share.png").content != first
