"""The migrations that introduce versions, applied and reversed."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from actions.letters.models import Letter, Point
from actions.protests.models import Protest
from campaign.pages.models import MenuItem, Page, Text
from campaign.versions.models import Version
from pledges.models import Pledge
from tests.actions.factories import LetterFactory, ProtestFactory
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory
from tests.sizes import FULL

CHANGED = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not FULL, reason="only in make prove")


def make_drafts():
    """Create rows that have never been published in this release."""
    site = SiteSettingsFactory(name="The campaign", publish=False)
    MenuItem.objects.create(site=site, place="header", label="A way in", url="/statement/")
    page = PageFactory(slug="statement", publish=False)
    Text.objects.create(parent=page, region="main", html="<p>We remember.</p>")
    PledgeFactory(slug="stop", demands=["Ask."], publish=False)
    letter = LetterFactory(slug="act", publish=False)
    Point.objects.create(letter=letter, title="P", text="Fact 1.", why="It counts.", source="A report", dated="2024")
    ProtestFactory(slug="weekly", publish=False)
    PageFactory(slug="hidden", published=False, publish=False)
    unchecked = {"language": "ug", "translation_of": page, "publish": False}
    PageFactory(slug="unchecked", **unchecked)
    PageFactory(slug="checked", **unchecked, checked_by="Aynur", checked_on=date(2026, 2, 1))


def make_what_this_release_shows():
    """Create a page that visitors see, and others that they don't see although nobody has switched them off."""
    PageFactory(slug="seen")
    PageFactory(slug="draft", publish=False)
    PageFactory(slug="scheduled", publish=False).publish(live_at=datetime(2099, 1, 1, tzinfo=UTC))
    PageFactory(slug="expired").publish(live_at=CHANGED, expires_at=datetime(2026, 3, 2, tzinfo=UTC))


def models_of_the_database():
    """Return the models as the applied migrations define them."""
    loader = MigrationLoader(connection)
    return loader.project_state(list(loader.applied_migrations)).apps


def show_as_the_last_release_did(apps):
    """Check that only the page that visitors saw is still shown; then tick "published", as the last release did."""
    pages = apps.get_model("pages.Page").objects
    assert [page.slug for page in pages.filter(published=True)] == ["seen"]
    pages.filter(slug__in=["seen", "draft", "scheduled", "expired"]).delete()
    pages.exclude(slug="hidden").update(published=True, updated_at=CHANGED)
    for label in ("pledges.Pledge", "letters.Letter", "protests.Protest"):
        apps.get_model(label).objects.update(published=True)


@pytest.mark.django_db(transaction=True)
def test_migrating_forwards_and_backwards_changes_nothing_for_visitors(client):
    make_what_this_release_shows()
    make_drafts()
    try:
        call_command("migrate", "versions", "zero", verbosity=0)
        show_as_the_last_release_did(models_of_the_database())
    finally:
        call_command("migrate", verbosity=0)

    assert {page.slug for page in Page.objects.published()} == {"statement", "checked"}
    text = client.get("/statement/").content.decode()
    for words in ("The campaign", "A way in", "We remember."):
        assert words in text
    assert [demand.text for demand in Pledge.objects.published().get().demands.all()] == ["Ask."]
    assert [point.text for point in Letter.objects.published().get().points.all()] == ["Fact 1."]
    assert Protest.objects.published().get().slug == "weekly"
    assert set(Version.objects.values_list("number", flat=True)) == {1}
    page = Page.objects.get(slug="statement")
    assert {page.draft_changed_at, page.facts_changed_at, page.as_published().updated_at} == {CHANGED}
