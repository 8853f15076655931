"""`manage.py load_campaign`, which loads the campaign's own texts once."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command

from campaign.pages.models import Fact, Page, SiteSettings
from pledges.models import Pledge

# The words people sign, as the campaign published them on 29 July 2020.
DEMANDS = [
    "Demand an independent United Nations investigation into atrocities in the Uyghur Region.",
    "Demand a government-commissioned independent tribunal into Crimes Against Humanity and Genocide against "
    "Uyghurs and other Muslim minorities in the Uyghur Region.",
    "Demand government action to hold China accountable, not excluding the possibility of coordinated sanctions "
    "with allies.",
    "Demand the UK impose Magnitsky style sanctions against state and non-state perpetrators.",
    "Demand proscription of companies and institutions facilitating the persecution of Uyghurs.",
    "I will also support a public boycott of products produced by Uyghur slave labour or companies facilitating "
    "Uyghur suppression.",
]
STATEMENT = (
    "A human rights crisis is unfolding in China, where at least one million Uyghurs and other Muslim minorities in "
    "the Uyghur Region of China are suffering a grave persecution as part of a wide effort by the Chinese government "
    "to erase their culture and identity. What the Chinese Communist Party is committing against the Uyghurs is an "
    "international crime of unimaginable violence and demands immediate action.\n\n"
    "Driven by a moral imperative to speak up against this injustice and not to look the other way at what is "
    "happening I, therefore, pledge to pressure the UK Government to do the following:"
)


@pytest.fixture
def campaign(db):
    call_command("load_campaign")


def test_the_pledge_keeps_the_campaigns_own_words(campaign):
    pledge = Pledge.objects.get()

    assert pledge.statement.strip() == STATEMENT
    assert [demand.text for demand in pledge.demands.all()] == DEMANDS


def test_everything_on_the_campaigns_page_is_loaded(campaign):
    for label, count in {
        "letters.letter": 2,
        "protests.protest": 1,
        "fundraising.appeal": 1,
        "businesses.calltoaction": 1,
        "communities.plan": 1,
    }.items():
        assert apps.get_model(label).objects.published().count() == count
    slugs = set(Page.objects.published().values_list("slug", flat=True))
    assert slugs >= {"statement", "community-engagement", "privacy", "accessibility", "contact", "imprint"}
    assert Page.objects.get(slug="community-engagement").downloadable
    assert SiteSettings.current().menu.count() > 10


def test_the_drafts_of_signing_safely_are_loaded_but_not_shown(campaign, client):
    drafts = Page.objects.filter(translation_of__slug="signing-safely")
    assert sorted((page.language, page.direction, page.needs_check) for page in drafts) == [
        ("ug", "rtl", True),
        ("zh-hans", "ltr", True),
    ]
    assert "Exit this page" in client.get("/signing-safely/").content.decode()
    for page in drafts:
        assert client.get(page.get_absolute_url()).status_code == 404


def test_every_fact_on_the_read_more_pages_has_a_source_and_a_date(campaign):
    for slug in ("uyghurs-in-china", "uyghur-women"):
        facts = Fact.objects.filter(parent__slug=slug)
        assert facts.count() >= 9
        for fact in facts:
            assert fact.source
            assert re.search(r"\b20\d\d\b|\b19\d\d\b", fact.dated), fact


def test_a_second_run_leaves_edited_and_deleted_content_alone(campaign):
    Page.objects.filter(slug="statement").update(title="Our own title")
    Page.objects.get(slug="imprint").delete()
    Pledge.objects.get().demands.first().delete()

    call_command("load_campaign")

    assert Page.objects.get(slug="statement").title == "Our own title"
    assert not Page.objects.filter(slug="imprint").exists()
    assert Pledge.objects.get().demands.count() == 5


def test_a_file_that_the_admin_would_refuse_loads_nothing(db, tmp_path):
    (tmp_path / "pages").mkdir()
    Path(tmp_path / "pages" / "bad.toml").write_text('model = "pages.page"\ntitle = "T"\nslug = "a b"\n')

    with pytest.raises(ValidationError):
        call_command("load_campaign", "--from", str(tmp_path))

    assert not Page.objects.exists()
