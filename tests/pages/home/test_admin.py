"""The rows in the site's settings that make up the home page."""

from campaign.pages.checks import structure
from campaign.pages.checks.findings import Draft, Quote
from campaign.pages.models import HomeSection, Partner
from tests.editing.filled_in import filled_in
from tests.factories import make_picture
from tests.pages.conftest import text_of

SETTINGS = "/admin/pages/sitesettings/1/change/"


def test_organisers_write_a_quotation_and_name_a_partner(organiser, site):
    HomeSection.objects.create(site=site, kind="quotation")
    Partner.objects.create(site=site, name="Friends")
    logo = make_picture()
    changes = {"sections__0__words": "We act.", "sections__0__about": "in Leeds", "partners__0__picture": str(logo.pk)}
    form = filled_in(organiser.get(SETTINGS), **changes)
    assert organiser.post(SETTINGS, form).status_code == 302

    assert site.sections.get().words == "We act."
    assert site.partners.get().picture == logo


def test_a_partners_link_must_start_with_https(organiser, site):
    Partner.objects.create(site=site, name="Friends")
    response = organiser.post(SETTINGS, filled_in(organiser.get(SETTINGS), partners__0__url="http://friends.example/"))

    assert "Enter a valid URL." in text_of(response)


def test_a_quotation_without_a_source_is_found(organiser, site):
    HomeSection.objects.create(site=site, kind="about", words="Ignored.")
    section = HomeSection.objects.create(site=site, kind="quotation", words="We act.", speaker="Ada")
    assert "“We act.” has no source" in text_of(organiser.get(SETTINGS))
    assert "“Ignored.” has no source" not in text_of(organiser.get(SETTINGS))

    section.about = "in Leeds"
    section.save()
    assert "has no source" not in text_of(organiser.get(SETTINGS))


def test_the_check_links_to_the_field_of_the_quotation():
    draft = Draft([], quotes=[Quote("id_a", "We act."), Quote("id_b", "So do we.", is_sourced=True)])

    assert [finding.field for finding in structure.quotations_without_a_source(draft)] == ["id_a"]


def test_the_preview_shows_the_draft_of_the_home_page(organiser, site):
    HomeSection.objects.create(site=site, kind="quotation", words="Old words.")
    form = filled_in(organiser.get(SETTINGS), hero_title="A new headline", sections__0__words="New words.")
    organiser.post(SETTINGS.replace("change", "preview"), form)

    copy = SETTINGS.replace("change", "preview/page") + f"?copy={form['form_id']}"
    text = text_of(organiser.get(copy))
    assert "A new headline" in text
    assert "New words." in text
    assert "New words." not in text_of(organiser.get("/"))
