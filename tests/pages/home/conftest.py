"""Fixtures for tests of the home page: a site with something in every section."""

from datetime import date

import pytest
from django.utils import timezone
from lxml import html

from campaign.management.commands.load_campaign import CONTENT, load_constituencies
from campaign.pages.models import HomeSection, Partner
from campaign.places.models import Constituency
from pledges.counting.publishing import publish_counts
from pledges.models import AreaCount, LedgerLine, Pledge
from tests.actions.factories import AppealFactory, LetterFactory, ProtestFactory
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory, UpdateFactory, make_picture, publish
from tests.pages.conftest import text_of

QUOTATION = {"words": "We will not look away.", "speaker": "Ada", "about": "in Leeds", "url": "https://example.org/a"}


@pytest.fixture
def everything(db):
    """Return the settings of a site that has something to show in every section."""
    site = SiteSettingsFactory(name="A campaign", about_html="<p>Us.</p>", publish=False)
    pledge = PledgeFactory(on_home_page=True)
    SignatureFactory(pledge=pledge, public=True)
    publish_counts()
    for number, day in enumerate((1, 20, 31)):
        LedgerLine.objects.create(
            pledge=pledge, day=date(2026, 10, day), count=1000 + 400 * number, previous="", hash=""
        )
    LetterFactory()
    ProtestFactory(title="Weekly protest")
    AppealFactory(title="For those who fled", target=2000, raised=1500, as_of=timezone.localdate())
    UpdateFactory.create_batch(4, picture=make_picture(title="Of an update"))
    for kind in HomeSection.Kind:
        own = QUOTATION | {"picture": make_picture(alternative_text="Ada")} if kind == "quotation" else {}
        HomeSection.objects.create(site=site, kind=kind, **own)
    Partner.objects.create(site=site, name="Friends", url="https://friends.example/", picture=make_picture(title="x"))
    Partner.objects.create(site=site, name="Neighbours")
    publish(site, hero_picture=make_picture(size=(900, 600), alternative_text="A crowd", credit="Grace"))
    return site


@pytest.fixture
def mapped(everything):
    """Return the settings of a site with everything, and with signatures in each of the 650 constituencies."""
    load_constituencies(CONTENT / "places" / "constituencies.csv")
    codes = Constituency.objects.order_by("code").values_list("code", flat=True)
    pledge = Pledge.objects.get()
    AreaCount.objects.bulk_create(
        AreaCount(pledge=pledge, area_code=code, count=(number * 37) % 160) for number, code in enumerate(codes)
    )
    return everything


@pytest.fixture
def home(client, everything):
    """Return the parsed home page of a site with everything."""
    return html.fromstring(text_of(client.get("/")))


def words(element):
    """Return the text of an element on one line."""
    return " ".join(element.text_content().split())
