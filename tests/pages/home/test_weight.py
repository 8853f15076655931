"""How much visitors load: the compressed HTML, style sheets and scripts, and our own drawings."""

import gzip
import re

import brotli
import pytest
from django.conf import settings

from campaign.pages.updates.views import UPDATES_A_PAGE
from pledges.models import Pledge
from tests.factories import SiteSettingsFactory, UpdateFactory, make_picture
from tests.media.weights import MAX_PAGE_BYTES, bytes_of_pictures, make_all_busy

MAX_BYTES = 30_000
MAX_DRAWINGS = 10_000
STATIC = settings.BASE_DIR / "static"


def compressed(name):
    return len(brotli.compress((STATIC / name).read_bytes()))


def loaded(text):
    """Return the names of the style sheets and scripts that a page loads."""
    links = re.findall(r'<link rel="stylesheet"\s+href="([^"]+)"', text) + re.findall(
        r'<script[^>]+src="([^"]+)"', text
    )
    return [link.removeprefix(settings.STATIC_URL) for link in links]


@pytest.mark.parametrize("page", ["home", "pledge"])
def test_a_page_weighs_at_most_30_kb_without_pictures(client, mapped, page):
    text = client.get("/" if page == "home" else Pledge.objects.get().get_absolute_url()).content.decode()
    names = loaded(text)
    assert "hub.css" in names

    assert len(gzip.compress(text.encode(), 6)) + sum(compressed(name) for name in names) <= MAX_BYTES


def test_the_home_page_with_busy_photographs_weighs_at_most_150_kb(client, mapped):
    make_all_busy()
    text = client.get("/").content.decode()
    pictures = bytes_of_pictures(text)
    assert text.count("<img") == 6  # the hero, three updates, the portrait and a logo
    assert pictures > 60_000

    assert pictures + len(gzip.compress(text.encode(), 6)) + sum(map(compressed, loaded(text))) <= MAX_PAGE_BYTES


def test_a_full_page_of_updates_with_busy_photographs_weighs_at_most_150_kb(client, db):
    SiteSettingsFactory()
    UpdateFactory.create_batch(UPDATES_A_PAGE, picture=make_picture())
    make_all_busy()
    text = client.get("/updates/").content.decode()
    assert text.count("<img") == UPDATES_A_PAGE
    pictures = bytes_of_pictures(text)

    assert pictures + len(gzip.compress(text.encode(), 6)) + sum(map(compressed, loaded(text))) <= MAX_PAGE_BYTES


def test_our_drawings_are_light_and_load_nothing():
    files = [STATIC / name for name in ("scene.svg", "silk.svg", "band.svg")]
    files += sorted((settings.BASE_DIR / "templates/drawings").iterdir())

    assert sum(len(brotli.compress(file.read_bytes())) for file in files) <= MAX_DRAWINGS
    for file in files:
        text = file.read_text()
        assert len(text) <= 4_000, file.name
        assert not re.search(r"<script|<style|<image|(?<!xmlns=\")https?:", text), file.name


def test_the_home_page_loads_nothing_from_other_sites(client, everything):
    text = client.get("/").content.decode()

    sources = re.findall(r'(?:src|srcset)="([^"]+)"', text) + re.findall(
        r'<link rel="stylesheet"\s+href="([^"]+)"', text
    )
    assert sources
    assert all(source.startswith("/") for source in sources)
