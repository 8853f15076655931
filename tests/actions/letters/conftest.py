"""Fixtures and helpers for tests of letters."""

import csv
import re

import pytest

from campaign.management.commands.load_campaign import CONTENT, load_constituencies
from campaign.places.models import Sector
from campaign.places.packing import Packer
from tests.actions.factories import BodyFactory, OwnLetterFactory, RecipientFactory
from tests.factories import SiteSettingsFactory

HAMPSTEAD, ALDERSHOT = "E14001265", "E14001063"
URL = "/letters/act/"
LINES = [
    "Dear Ms Doe,",
    "I live in Hampstead and Highgate.",
    "Fact 1.",
    "Fact 2.",
    "My grandmother came to London with one suitcase, and never forgot who opened a door.",
    "Will you act 1?",
    "Yours sincerely,",
    "Ruth Feldman",
]


@pytest.fixture
def places(db):
    """Create the 650 constituencies and three postcodes: in Hampstead, terminated there, and in no constituency."""
    load_constituencies(CONTENT / "places" / "constituencies.csv")
    packer = Packer()
    packer.add("UX", HAMPSTEAD, False)
    packer.add("UY", HAMPSTEAD, True)
    packer.add("UZ", "", False)
    units, areas = packer.packed()
    Sector.objects.create(name="NW3 7", units=units, areas=areas)


@pytest.fixture
def letter(places):
    SiteSettingsFactory()
    RecipientFactory(area_code=HAMPSTEAD)
    return OwnLetterFactory(slug="act")


@pytest.fixture
def answers(letter):
    """Return valid answers to the form."""
    return {
        "postcode": "nw3 7ux",
        "points": [str(point.pk) for point in letter.points.all()[:2]],
        "own_words": "My grandmother came to London with one suitcase, and never forgot who opened a door.",
        "ask": str(letter.asks.first().pk),
        "name": "Ruth Feldman",
        "address": "1 High Street\nLondon NW3 7UX",
    }


@pytest.fixture
def commons(places):
    return BodyFactory()


@pytest.fixture
def table(tmp_path):
    """Return a function that writes rows to a CSV file and returns its path."""

    def write(*rows, name="mps.csv", encoding="utf-8"):
        with (tmp_path / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return tmp_path / name

    return write


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def textarea(page):
    return re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[1]
