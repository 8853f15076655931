"""The sections of the home page. Organisers choose which ones appear, and in which order."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from campaign.pages.models import HomeSection, SiteSettings
from pledges.counting.publishing import publish_counts
from tests.actions.factories import AppealFactory, LetterFactory
from tests.editing.filled_in import filled_in
from tests.factories import PledgeFactory, SignatureFactory, UpdateFactory, publish
from tests.pages.conftest import select, text_of

EVERYTHING = ["What the pledge asks for", "What you can do", "Who we are", "Latest to sign"]
FIRST = ["pledge", "letters", "next_protest", "funds", "appeals", "call", "communities", "about", "names"]
SETTINGS = "/admin/pages/sitesettings/1/change/"


@pytest.fixture
def full(site):
    """Return a site that has something to show in most sections."""
    pledge = PledgeFactory(on_home_page=True)
    SignatureFactory(pledge=pledge, public=True)
    publish_counts()
    LetterFactory(title="To your MP")
    AppealFactory(title="For those who fled")
    publish(site, about_title="Who we are", about_html="<p>Us.</p>")
    return site


def headings(client):
    return [" ".join(one.text_content().split()) for one in select(html.fromstring(text_of(client.get("/"))), "h2")]


def choose(site, *kinds, **headings):
    for kind in kinds:
        HomeSection.objects.create(site=site, kind=kind, heading=headings.get(kind, ""))
    site.publish()


def test_a_site_shows_every_section_until_its_organisers_choose(client, full):
    assert headings(client) == EVERYTHING


def test_only_the_chosen_sections_appear_in_the_organisers_order(client, full):
    choose(full, "names", "about", "appeals", heading="")

    assert headings(client) == ["Latest to sign", "Who we are", "What you can do"]
    text = text_of(client.get("/"))
    assert "For those who fled" in text
    assert "To your MP" not in text


def test_a_section_can_have_a_heading_of_its_own_or_be_hidden(client, full):
    choose(full, "letters", "pledge", "appeals", letters="Write", pledge="What we want")
    assert headings(client) == ["Write", "What we want", "What you can do"]

    HomeSection.objects.filter(kind="pledge").update(shown=False)
    assert headings(client) == ["Write", "What we want", "What you can do"]
    full.publish()
    assert headings(client) == ["Write"]  # letters and appeals are now neighbours, and share a heading


def test_the_page_queries_only_the_sections_that_it_shows(client, full):
    choose(full, "about")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")

    read = " ".join(query["sql"] for query in queries.captured_queries)
    for table in ("letters_letter", "protests_protest", "fundraising_", "businesses_", "pledges_signature"):
        assert table not in read


def test_a_section_with_nothing_to_show_has_no_heading(client, site):
    assert headings(client) == []


def test_organisers_put_the_sections_in_order_in_the_settings(organiser, full):
    for kind in ("pledge", "letters"):
        HomeSection.objects.create(site=full, kind=kind)
    changes = {"sections__0__order": "20", "sections__1__order": "10", "sections__1__heading": "Act"}
    form = filled_in(organiser.get(SETTINGS), **changes)
    assert organiser.post(SETTINGS, form).status_code == 302
    assert [section.kind for section in full.sections.all()] == ["letters", "pledge"]

    twice = filled_in(organiser.get(SETTINGS), sections__0__kind="pledge")
    response = organiser.post(SETTINGS, twice)
    assert response.status_code == 200
    assert "duplicate" in text_of(response)


def test_the_first_campaign_has_a_row_for_every_section(db):
    call_command("load_campaign")

    kinds = [section.kind for section in SiteSettings.objects.get().sections.all()]
    assert kinds == HomeSection.Kind.values


def test_new_settings_get_every_section_to_put_in_order(organiser, db):
    form = filled_in(organiser.get("/admin/pages/sitesettings/add/"), name="Ours", hero_title="Do it")
    assert organiser.post("/admin/pages/sitesettings/add/", form).status_code == 302

    assert [section.kind for section in SiteSettings.objects.get().sections.all()] == HomeSection.Kind.values


def test_an_older_version_keeps_the_sections_that_it_had_before_organisers_could_choose(client, full, monkeypatch):
    UpdateFactory(title="We were heard")
    assert "We were heard" in text_of(client.get("/"))

    with monkeypatch.context() as earlier:
        earlier.setattr(SiteSettings, "upgrades", ())
        full.publish()
    assert "We were heard" not in text_of(client.get("/"))
    sections = SiteSettings.current().home_sections()
    assert [section.kind for section in sections] == FIRST


@pytest.mark.django_db(transaction=True)
def test_an_existing_site_gets_the_new_sections_hidden_so_visitors_see_no_change(client, site):
    choose(site, *FIRST)
    before = client.get("/").content
    try:
        call_command("migrate", "pages", "0028", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)

    rows = {section.kind: section.shown for section in site.sections.all()}
    assert list(rows) == [*FIRST, "updates", "growth", "quotation", "map", "partners"]
    assert [kind for kind, is_shown in rows.items() if is_shown] == FIRST
    assert client.get("/").content == before
