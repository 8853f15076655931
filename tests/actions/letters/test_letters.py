"""Reading and downloading letters."""

import io
import re

import docx
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from actions.letters import placeholders
from tests.accounts.organisers import sign_in
from tests.actions.factories import BodyFactory, LetterFactory, OwnLetterFactory, RecipientFactory
from tests.actions.letters.conftest import HAMPSTEAD
from tests.editing.filled_in import filled_in
from tests.factories import PageFactory, SiteSettingsFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    SiteSettingsFactory()
    return LetterFactory(slug="act", recipients=BodyFactory(), read_more=PageFactory(title="The facts"))


def test_the_page_shows_the_letter_with_its_placeholders(client, letter):
    text = client.get("/letters/act/").content.decode()

    assert "Dear [your MP’s name]," in text
    assert "[your name]" in text
    assert "{{" not in text
    assert "The facts" in text


def test_an_unpublished_read_more_page_is_not_linked(client, letter):
    letter.read_more.published = False
    letter.read_more.save()

    assert "The facts" not in client.get("/letters/act/").content.decode()


def test_the_docx_has_the_same_text(client, letter):
    response = client.get("/letters/act/download.docx")

    document = docx.Document(io.BytesIO(response.content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[-4:] == ["Dear [your MP’s name],", "Will you act?", "Yours sincerely,", "[your name]"]
    assert "House of Commons" in lines[2]
    assert response.headers["Content-Disposition"] == 'attachment; filename="act.docx"'


def test_the_plain_text_download_has_the_same_text(client, letter):
    response = client.get("/letters/act/download.txt")

    text = response.content.decode()
    assert "Dear [your MP’s name]," in text
    assert "SW1A 0AA" in text
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", ["act/download.exe", "none/download.docx", "none/"])
def test_unknown_letters_and_formats_are_not_found(client, letter, path):
    assert client.get(f"/letters/{path}").status_code == 404


def test_an_unknown_placeholder_is_named(letter):
    letter.body = "Dear {{ mp.age }} {{ request.user }}"

    with pytest.raises(ValidationError, match="mp.age"):
        letter.full_clean()


@pytest.mark.parametrize("body", ["{% include 'x' %}", "{{ mp.display_name|safe }}", "{{ mp.display_name.__class__ }}"])
def test_template_code_in_a_letter_is_not_run(client, body):
    SiteSettingsFactory()
    LetterFactory(slug="odd", body=body)

    assert body in client.get("/letters/odd/download.txt").content.decode()


@given(st.text())
def test_any_text_without_placeholders_is_unchanged(text):
    assert placeholders.fill("a" + text.replace("{", ""), {}) == "a" + text.replace("{", "")


@pytest.mark.parametrize("path", ["", "act/"])
def test_the_pages_are_cheap_cacheable_and_set_no_cookie(client, letter, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        response = client.get(f"/letters/{path}")

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


def test_an_organiser_sees_the_letter_filled_in_for_a_constituency(client, places):
    sign_in(client)
    own = OwnLetterFactory()
    RecipientFactory(area_code=HAMPSTEAD)

    response = client.get(f"/admin/letters/letter/{own.pk}/filled-in/", {"constituency": HAMPSTEAD})
    page = response.content.decode()
    assert "Dear Ms Doe,<br>" in page or "<p>Dear Ms Doe,</p>" in page
    assert "I live in Hampstead and Highgate." in page
    assert re.search(r"have to add about <strong>\d+0</strong> characters", page)
    assert client.get(f"/admin/letters/letter/{own.pk}/filled-in/", {"constituency": "x" * 99}).status_code == 200


def test_only_organisers_see_a_letter_filled_in(client, places):
    own = OwnLetterFactory()

    assert client.get(f"/admin/letters/letter/{own.pk}/filled-in/").status_code == 302


def test_the_editor_previews_the_text_typed_into_a_letter(client, letter):
    sign_in(client)
    page = f"/admin/letters/letter/{letter.pk}/"
    form = filled_in(client.get(f"{page}change/"), title="Act before it is too late")

    wrapper = client.post(f"{page}preview/", form, follow=True)

    assert wrapper.redirect_chain == [(f"{page}preview/?copy={form['form_id']}", 302)]
    assert f"{page}preview/page/?copy={form['form_id']}" in wrapper.content.decode()


def test_the_slug_of_the_page_to_find_an_mp_is_reserved(letter):
    letter.slug = "find-your-mp"

    with pytest.raises(ValidationError, match="address"):
        letter.full_clean()


def test_the_admin_says_how_much_a_writer_with_the_longest_wordings_must_add(client, places):
    sign_in(client)
    letter = OwnLetterFactory()
    page = f"/admin/letters/letter/{letter.pk}/filled-in/"
    needed = re.compile(r"about <strong>(\d+)</strong> characters")
    before = int(needed.search(client.get(page).content.decode())[1])
    for number in range(9):
        letter.wordings.create(part="closing", text="Bye" if number else " ".join(map(str, range(150))))

    assert before + 400 < int(needed.search(client.get(page).content.decode())[1]) < before + 600
