"""The checks of organisers' texts, whose findings are listed above the form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.links.models import CheckedLink
from campaign.pages.checks import links, structure, wording
from campaign.pages.checks.findings import CHECKS, Draft, Picture, Piece, findings_in
from campaign.pages.models import Action, Text
from tests.actions.factories import LetterFactory
from tests.factories import PageFactory
from tests.pages.conftest import answers, change_of, text_of

LONG = " ".join(["word"] * 41)


def piece(text, kind="html", field="id_x", **more):
    return Piece(field, "Text", text, kind, **more)


@pytest.mark.parametrize(
    ("check", "wrong", "right"),
    [
        (structure.order_of_headings, "<h3>Small</h3><h2>Big</h2>", "<h2>Big</h2><h3>Small</h3>"),
        (structure.empty_headings, "<p>x</p><h2><strong> </strong></h2>", "<h2>x</h2>"),
        (structure.bold_instead_of_a_heading, "<p><strong>Our aims</strong></p>", "<p><strong>Act</strong> now</p>"),
        (structure.bold_instead_of_a_heading, "<p><strong>Our aims</strong></p>", "<p><strong>Act now.</strong></p>"),
        (structure.vague_links, '<a href="/a/">Click here</a>', '<a href="/a/">our letter</a>'),
        (structure.vague_links, '<p>See <a href="/a/"><em>he</em>re</a>.</p>', "<p>It is here.</p>"),
        (structure.vague_links, '<a href="/a/">https://example.org/a</a>', "<p>https://example.org/a</p>"),
        (wording.capitals, "<h2>WRITE TO YOUR MP</h2>", "<h2>Write to the BBC</h2>"),
        (wording.capitals, "<h2>WRITE TO YOUR MP</h2>", "<h2>לכתוב לחבר הפרלמנט שלך</h2>"),
        (wording.long_sentences, f"<p>{LONG}.</p>", f"<p>{LONG[:100]}. {LONG[:100]}?” {LONG[:100]}</p>"),
        (wording.leftover_placeholders, "<p>TODO: ask Ruth</p>", "<p>Todo el mundo</p>"),
        (wording.leftover_placeholders, "<p>On XX May</p>", "<p>On XI May, in box X</p>"),
        (wording.leftover_placeholders, "<p>Lorem ipsum dolor</p>", "<p>What???</p><p>x</p>".replace("???", "?")),
        (wording.leftover_placeholders, "<p>They said […]</p>", "<p>They said [sic]</p>"),
        (wording.leftover_placeholders, "<p>Dear {{ name }}</p>", "<p>Dear {name}</p>"),
    ],
)
def test_a_check_finds_only_real_faults(check, wrong, right):
    found = list(check(Draft([piece("<p>Fine.</p>"), piece(wrong, field="id_wrong")])))

    assert [finding.field for finding in found] == ["id_wrong"]
    assert list(check(Draft([piece(right)]))) == []


def test_headings_are_checked_across_all_blocks_of_a_page():
    assert not list(structure.order_of_headings(Draft([piece("<h2>a</h2>"), piece("<h3>b</h3>")])))


def test_a_missing_summary_and_a_title_in_capitals_are_found():
    draft = Draft([piece("  ", "summary", "id_summary"), piece("WRITE TO THEM", "title", "id_title")])

    assert [finding.field for finding in findings_in(draft)] == ["id_title", "id_summary"]


def test_placeholders_are_allowed_where_the_site_fills_them_in():
    draft = Draft([piece("Dear {{ mp.display_name }},", "text", has_placeholders=True)])

    assert findings_in(draft) == []


def test_words_are_not_counted_in_chinese():
    assert not list(wording.long_sentences(Draft([piece(f"<p>{LONG}</p>")], "zh-hans")))


def test_a_picture_needs_alternative_text_unless_it_is_decoration():
    pictures = [Picture("id_a", " "), Picture("id_b", "", is_decorative=True), Picture("id_c", "A lamp")]

    assert [finding.field for finding in findings_in(Draft([], pictures=pictures))] == ["id_a"]


@given(st.lists(st.text(alphabet="<>/h23pbrastong \"'=&;#x[]{}.!?TODOX\n…") | st.text(), max_size=3))
def test_no_check_fails_on_any_text(texts):
    pieces = [piece(text, kind) for text in texts for kind in ("html", "text", "title", "summary")]
    for check in CHECKS:
        if check is not links.broken_links:
            assert all(finding.field == "id_x" for finding in check(Draft(pieces)))


@pytest.fixture
def page(organiser, site):
    page = PageFactory(title="A page", slug="a-page", summary="S.")
    Text.objects.create(parent=page, region="main", ordering=20, html="<h3>First</h3>")
    Text.objects.create(parent=page, region="main", ordering=10, html='<h2>x</h2><a href="/gone/">here</a>')
    return page


def test_the_form_lists_each_finding_with_a_link_to_its_field(organiser, page):
    Action.objects.create(parent=page, region="main", ordering=5, title="TODO", label="x", url="https://example.org/")
    CheckedLink.objects.create(url="https://example.org/", outcome="gone", failed_days=3)

    text = text_of(organiser.get(change_of(page)))

    for field in ("id_pages_action_set-0-title", "id_pages_action_set-0-url", "id_pages_text_set-1-html"):
        assert f'<a href="#{field}">' in text
        assert f'id="{field}"' in text
    assert "there is no page at /gone/" in text
    assert "small heading" not in text


def test_the_button_saves_whatever_the_checks_find_and_shows_the_findings(organiser, page):
    response = organiser.post(change_of(page), answers(page, title="TODO", _check="1"))

    assert response.headers["Location"].endswith("change/?checked=1#checks")
    page.refresh_from_db()
    assert page.title == "TODO"
    text = text_of(organiser.get(response.headers["Location"].partition("#")[0]))
    assert "looks like a placeholder" in text

    fine = PageFactory(summary="All is well.")
    assert "found nothing to change" in text_of(organiser.get(change_of(fine), {"checked": "1"}))
    added = organiser.post("/admin/pages/page/add/", answers(fine, slug="new", _check="1"))
    assert added.headers["Location"].endswith("?checked=1#checks")


def test_a_letter_may_have_the_placeholders_that_its_own_form_checks(organiser, site):
    letter = LetterFactory(summary="S.")

    assert 'class="checks"' not in text_of(organiser.get(f"/admin/letters/letter/{letter.pk}/change/"))


def test_a_page_with_many_links_is_checked_with_few_queries(organiser, page, django_assert_max_num_queries):
    organiser.get(change_of(page))
    Text.objects.create(
        parent=page, region="main", html="".join(f'<p><a href="/gone-{n}/">x{n}</a></p>' for n in range(50))
    )
    with django_assert_max_num_queries(36):  # one for each kind of block and each kind of card
        organiser.get(change_of(page))
