"""The blocks of a page, as visitors see them on the site and in documents."""

import re

import pytest
from django.conf import settings
from lxml import html

from campaign.pages.models import (
    Columns,
    Download,
    Embed,
    Figure,
    GalleryPicture,
    Page,
    PictureBlock,
    Question,
    Quotation,
    Text,
    VideoLink,
)
from campaign.versions.problems import NotReadyError
from tests.actions.factories import AppealFactory, BrandFactory, LetterFactory, ProtestFactory
from tests.editing.filled_in import filled_in
from tests.factories import PageFactory, PledgeFactory, make_document, make_picture, publish
from tests.pages.conftest import change_of, select, text_of


@pytest.fixture
def page(site):
    return PageFactory(slug="briefing", title="Briefing", downloadable=True)


@pytest.fixture
def add(page):
    """Return a function that adds a block at the end of the page."""

    def create(model, **fields):
        last = max([block.ordering for block in Page.objects.get(pk=page.pk).blocks()], default=0)
        return model.objects.create(parent=page, region="main", ordering=last + 10, **fields)

    return create


def shown(client, page):
    """Return the published page as a tree."""
    page.publish()
    return html.fromstring(text_of(client.get("/briefing/")))


def words(element):
    return " ".join(element.text_content().split())


def test_a_picture_has_its_text_caption_and_credit(client, page, add):
    picture = make_picture(size=(1000, 500), credit="Ada Lovelace")
    add(PictureBlock, picture=picture, caption="Outside the embassy", size="half")

    [figure] = select(shown(client, page), "figure.shown-half")
    assert select(figure, "img")[0].get("alt") == "Forty people with banners"
    assert words(select(figure, "figcaption")[0]) == "Outside the embassy Picture: Ada Lovelace"


def test_neighbouring_pictures_questions_and_figures_are_shown_together(client, page, add):
    for number in (1, 2):
        add(GalleryPicture, picture=make_picture(), caption=f"Day {number}")
    for number in (1, 2):
        add(Question, question=f"Why {number}?", answer="<p>Because.</p>")
    add(Text, html="<p>In numbers</p>")
    for number in (1, 2):
        add(Figure, number=f"{number} million", label="people", source="A report", dated="2021")
    add(Question, question="And then?", answer="<p>We act.</p>")

    tree = shown(client, page)
    [gallery] = select(tree, "ul.gallery")
    assert len(select(gallery, "li img")) == 2
    assert [len(select(list_, "details")) for list_ in select(tree, ".questions")] == [2, 1]
    [figures] = select(tree, "dl.figures")
    assert [words(one) for one in select(figures, ".number")] == ["1 million", "2 million"]


def test_a_quotation_names_its_speaker_and_source(client, page, add):
    add(Quotation, words="Never again.", speaker="A survivor", about="Leeds, 2021", url="https://example.org/speech")

    [figure] = select(shown(client, page), "figure.quotation")
    assert words(select(figure, "figcaption")[0]) == "A survivor, Leeds, 2021 Source"
    assert select(figure, "a")[0].get("href") == "https://example.org/speech"


def test_a_video_is_a_link_and_loads_nothing_from_the_other_site(client, page, add):
    add(VideoLink, picture=make_picture(), title="A march", url="https://www.example.org/v/1", duration="3 minutes")

    tree = shown(client, page)
    [link] = select(tree, "a.video")
    assert words(link) == "Video: A march (3 minutes)"
    assert "on example.org" in words(link.getparent())
    loaded = [element.get("src") for element in tree.xpath("//*[@src]")]
    assert loaded
    assert not any("example.org" in address for address in loaded)


def test_columns_show_two_or_three_texts(client, page, add):
    add(Columns, first="<p>One</p>", second="<p>Two</p>")
    add(Columns, first="<p>One</p>", second="<p>Two</p>", third="<p>Three</p>")

    assert [len(columns) for columns in select(shown(client, page), ".columns")] == [2, 3]


def test_a_draft_without_its_picture_can_be_saved_but_not_published(client, page, add):
    add(PictureBlock)
    add(Download)
    add(VideoLink, title="A march", url="https://example.org/")
    add(GalleryPicture)
    with pytest.raises(NotReadyError) as refused:
        page.publish()
    assert sorted(problem.field_id for problem in refused.value.problems) == [
        "id_pages_download_set-0-document",
        "id_pages_gallerypicture_set-0-picture",
        "id_pages_pictureblock_set-0-picture",
        "id_pages_videolink_set-0-picture",
    ]

    page.publish(check=False)
    assert client.get("/briefing/").status_code == 200


def test_a_block_is_saved_in_the_admin_before_its_picture_is_chosen(organiser, page, add):
    add(PictureBlock)
    form = filled_in(organiser.get(change_of(page)), pages_pictureblock_set__0__caption="Banners")

    assert organiser.post(change_of(page), form).status_code == 302
    assert PictureBlock.objects.get().caption == "Banners"


EMBEDDED = [
    (PledgeFactory, "Sign the pledge"),
    (LetterFactory, "Write this letter"),
    (ProtestFactory, "See the next dates"),
    (AppealFactory, "Read about the appeal"),
    (BrandFactory, "Read the brand’s answer"),
]


@pytest.mark.parametrize(("factory", "button"), EMBEDDED)
def test_a_card_shows_only_published_content(client, organiser, page, add, factory, button):
    row = factory(title="What they wrote", published=True)
    add(Embed, target=f"{row._meta.label_lower}:{row.pk}")
    add(Embed, target=f"{row._meta.label_lower}:999999")
    publish(page, check=False)

    tree = html.fromstring(text_of(client.get("/briefing/")))
    [card] = select(tree, ".embed")
    assert "What they wrote" in words(card)
    assert button in words(card)
    assert row.get_absolute_url() in [link.get("href") for link in select(card, "a")]

    type(row).objects.update(published=False, title="A draft")
    assert not select(html.fromstring(text_of(client.get("/briefing/"))), ".embed")
    found = words(select(html.fromstring(text_of(organiser.get(change_of(page)))), "#checks")[0])
    assert "Visitors can’t see “A draft” yet" in found


def test_an_organiser_chooses_what_to_embed_from_a_list_by_kind(organiser, page, add):
    letter = LetterFactory(title="To your MP", publish=False)
    block = add(Embed, target="")
    response = organiser.get(change_of(page))
    form = html.fromstring(response.content)
    [group] = form.xpath("//*[@id='id_pages_embed_set-0-target']/optgroup[@label='Letters']")
    assert [option.text for option in group] == ["To your MP"]

    target = f"letters.letter:{letter.pk}"
    organiser.post(change_of(page), filled_in(response, pages_embed_set__0__target=target))
    block.refresh_from_db()
    assert block.target == target
    assert str(block) == "To your MP"
    bad = filled_in(organiser.get(change_of(page)), pages_embed_set__0__target="auth.user:1")
    assert organiser.post(change_of(page), bad).status_code == 200


NOTHING = ["", "nonsense", "letters.letter:", "letters.letter:x", "auth.user:1", f"letters.letter:{10**30}"]


@pytest.mark.parametrize("target", NOTHING)
def test_a_card_with_an_unusable_target_does_no_harm(client, page, add, target):
    add(Embed, target=target)
    publish(page, check=False)

    assert client.get("/briefing/").status_code == 200
    if target:
        with pytest.raises(NotReadyError):
            page.publish()


def test_a_page_takes_one_query_for_each_kind_of_thing_that_it_shows(client, page, add, django_assert_num_queries):
    for _number in range(3):
        add(PictureBlock, picture=make_picture())
        add(GalleryPicture, picture=make_picture())
        add(Download, document=make_document())
        for factory in (PledgeFactory, LetterFactory, BrandFactory):
            row = factory()
            add(Embed, target=f"{row._meta.label_lower}:{row.pk}")
    page.publish()

    with django_assert_num_queries(4 + 2 + 3 + 2):  # of which two for the statuses of all brands
        client.get("/briefing/")


def test_the_document_contains_the_words_of_each_block(client, page, add):
    letter = LetterFactory(title="To your MP")
    add(Quotation, words="Never again.", speaker="A survivor")
    add(Figure, number="1.8 million", label="people in detention", source="A report", dated="2021")
    add(Question, question="Who sees my name?", answer="<p>Nobody.</p>")
    add(Columns, first="<p>Left</p>", second="<p>Right</p>")
    add(Download, document=make_document(), text="Four pages")
    add(VideoLink, picture=make_picture(), title="A march", url="https://example.org/v", duration="3 minutes")
    add(Embed, target=f"letters.letter:{letter.pk}")
    page.publish()

    text = client.get("/briefing/download.txt").content.decode()
    for expected in (
        "Never again.",
        "A survivor",
        "1.8 million people in detention",
        "A report, 2021",
        "Left",
        "Right",
    ):
        assert expected in text
    for expected in ("Who sees my name?", "Nobody.", "Our briefing (TXT", "Four pages", "A march (3 minutes)"):
        assert expected in text
    assert settings.SITE_URL + letter.get_absolute_url() in text
    for kind in ("docx", "odt", "pdf"):
        assert client.get(f"/briefing/download.{kind}").status_code == 200


def test_our_labels_in_a_page_in_another_language_are_marked(client, page, add):
    add(Figure, number="1", label="x", source="A", dated="2021")
    add(VideoLink, picture=make_picture(), title="A march", url="https://example.org/v")
    publish(page, language="he", check=False)

    text = text_of(client.get("/briefing/"))
    assert re.search(r'<span lang="en-gb" dir="ltr">Source:</span>', text)
    assert re.search(r'<span lang="en-gb" dir="ltr">Video:</span>', text)


def test_a_comparison_names_the_embedded_content(organiser, page, add):
    letter = LetterFactory(title="To your MP")
    page.publish()
    add(Embed, target=f"letters.letter:{letter.pk}")

    url = f"{change_of(page).removesuffix('change/')}compare/?old=1"
    assert "To your MP" in text_of(organiser.get(url))
