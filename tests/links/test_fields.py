"""Link fields and the links in rich text, through the admin."""

import pytest
from django.core.management import call_command

from campaign.pages.models import Action, MenuItem, Text
from tests.actions.factories import LetterFactory
from tests.factories import PageFactory, PledgeFactory
from tests.pages.conftest import answers, change_of, text_of


@pytest.fixture
def page(organiser):
    return PageFactory(title="A page", slug="a-page")


def block(page, html, row=None):
    fields = {"parent": page.pk, "region": "main", "ordering": 10, "html": html, "id": row.pk if row else ""}
    counts = {"pages_text_set-TOTAL_FORMS": "1", "pages_text_set-INITIAL_FORMS": "1" if row else "0"}
    return counts | {f"pages_text_set-0-{name}": value for name, value in fields.items()}


def box(page, url):
    fields = {"parent": page.pk, "region": "main", "ordering": 10, "title": "T", "label": "L", "url": url}
    counts = {"pages_action_set-TOTAL_FORMS": "1"}
    return counts | {f"pages_action_set-0-{name}": value for name, value in fields.items()}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.example.org", "https://www.example.org"),
        ("ruth@example.org", "mailto:ruth@example.org"),
        ("/a-page/", "/a-page/"),
        ("/letters/act/download.pdf", "/letters/act/download.pdf"),
        ("/static/icon.svg", "/static/icon.svg"),
        ("/donate/?fund=x", "/donate/?fund=x"),
        ("/", "/"),
    ],
)
def test_a_link_is_completed_in_a_field_and_in_a_text(organiser, page, typed, stored):
    LetterFactory(slug="act")

    assert organiser.post(change_of(page), answers(page) | box(page, typed)).status_code == 302
    assert (
        organiser.post(change_of(page), answers(page) | block(page, f'<p><a href="{typed}">x</a></p>')).status_code
        == 302
    )

    assert Action.objects.get().url == stored
    assert Text.objects.get().html == f'<p><a href="{stored}">x</a></p>'


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/a-pag/", "There is no page at /a-pag/ on this site. Did you mean /a-page/?"),
        ("/letters/actt/", "Did you mean /letters/act/?"),
        ("/zzzzzzzz/qqqq", "There is no page at /zzzzzzzz/qqqq on this site."),
        ("javascript:alert(1)", "but not with “javascript:”"),
    ],
)
def test_a_link_that_leads_nowhere_is_refused_beside_the_field(organiser, page, typed, says):
    LetterFactory(slug="act")

    assert says in text_of(organiser.post(change_of(page), answers(page) | box(page, typed)))
    html = f'<p><a href="{typed}">x</a></p>'
    response = organiser.post(change_of(page), answers(page) | block(page, html))
    assert says in text_of(response)
    assert not Action.objects.exists()
    assert not Text.objects.exists()


def test_an_old_broken_link_stops_nobody_from_saving(organiser, page):
    old = Text.objects.create(parent=page, region="main", html='<p><a href="/gone/">x</a></p>')

    html = '<p><a href="/gone/">x</a> more</p>'
    assert organiser.post(change_of(page), answers(page) | block(page, html, old)).status_code == 302
    old.refresh_from_db()
    assert old.html == html


def test_a_link_to_an_old_address_is_accepted(organiser, page):
    page.slug = "renamed"
    page.save()

    assert organiser.post(change_of(page), answers(page) | box(page, "/a-page/")).status_code == 302


def test_the_chooser_finds_pages_by_title_and_drafts_only_for_organisers_who_may_see_them(organiser, page):
    PledgeFactory(title="A pledge", slug="stop", published=False)
    PageFactory.create_batch(60, title="Many")

    def found(term):
        return [one["address"] for one in organiser.get("/admin/links/checkedlink/pages/", {"q": term}).json()["pages"]]

    assert found("A PAGE") == ["/a-page/"]
    assert found("stop") == ["/pledges/stop/"]
    assert "/" in found("home")
    assert len(found("many")) == 20
    assert found("%") == []
    organiser.organiser.is_superuser = False
    organiser.organiser.save()
    assert found("stop") == []
    assert found("a page") == ["/a-page/"]
    organiser.logout()
    assert organiser.get("/admin/links/checkedlink/pages/").status_code == 302


def test_the_first_campaign_has_no_broken_links(organiser):
    call_command("load_campaign")

    listed = organiser.get("/admin/links/checkedlink/").context
    assert [(one.place.address, one.reason) for one in listed["own"]] == []
    assert MenuItem.objects.exists()
