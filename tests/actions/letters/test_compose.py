"""Composing a letter: `/letters/<slug>/`."""

import re
from html import unescape

import pytest

from actions.letters.forms import ComposeForm
from tests.actions.factories import OwnLetterFactory, RecipientFactory
from tests.actions.letters.conftest import ALDERSHOT, HAMPSTEAD, LINES, URL, text_of, textarea


def test_the_letter_contains_the_chosen_points_and_own_words(client, letter, answers):
    page = text_of(client.post(URL, answers))

    assert textarea(page).split("\n\n") == LINES
    assert "Ms Jane Doe MP" in page
    assert "jane.doe.mp@example.org" in page


def test_edited_text_is_kept(client, letter, answers):
    page = text_of(client.post(URL, answers | {"text": "Dear Ms Doe,\r\n\r\nAll <mine>."}))

    assert textarea(page) == "Dear Ms Doe,\n\nAll &lt;mine&gt;."
    assert "per cent of this letter is in our words" in page


def test_the_preview_resends_every_answer(client, letter, answers):
    page = text_of(client.post(URL, answers | {"own_words": 'Mine & "thine".\n\nAll of it.'}))
    form = page.partition('action="/letters/act/sent/"')[0]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    sent = {name: [unescape(value) for other, value in hidden if other == name] for name, _value in hidden}

    assert sent.keys() == answers.keys() | {"constituency"}
    assert sent["constituency"] == [HAMPSTEAD]
    assert textarea(text_of(client.post(URL, sent))) == textarea(page)


def test_no_part_of_the_letter_is_stored_or_logged(client, letter, answers, caplog, django_assert_max_num_queries):
    with django_assert_max_num_queries(17) as queries:
        client.post(URL, answers)

    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
    assert not re.search("Ruth|High Street|suitcase|nw3", caplog.text, re.IGNORECASE)


def test_a_response_with_a_letter_is_not_cached(client, letter, answers):
    response = client.post(URL, answers)

    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": []}, "Choose two or three points"),
        ({"points": "one"}, "Choose two or three points"),
        ({"points": "one twice"}, "Choose two or three points"),
        ({"points": "four"}, "no more: short letters get read"),
        ({"points": ["999999", "x"]}, "Select a valid choice"),
        ({"own_words": " "}, "a few sentences of your own"),
        ({"own_words": "x" * 5001}, "at most 5000 characters"),
        ({"ask": ""}, "Choose one question"),
        ({"name": ""}, "Enter your name"),
        ({"address": ""}, "Enter your address"),
        ({"postcode": ""}, "Enter your postcode, or choose"),
        ({"postcode": "nonsense"}, "Enter a full UK postcode"),
        ({"postcode": "SW1A 1AA"}, "We do not know this postcode"),
        ({"postcode": "NW3 7UZ"}, "We do not know this postcode. Choose your constituency"),
        ({"postcode": "GIR 0AA"}, "Enter your own postcode"),
        ({"postcode": "BF1 0AX"}, "does not show where you vote"),
        ({"postcode": "IM1 1AD"}, "elects no MP"),
        ({"postcode": "NW3 7UY"}, "no longer in use. It was in Hampstead and Highgate"),
        ({"constituency": "E99999999"}, "Choose your constituency from the list"),
        ({"name": "a\0b"}, "Null characters are not allowed"),
    ],
)
def test_a_mistake_is_named_and_no_input_is_lost(client, letter, answers, change, message):
    every = [str(point.pk) for point in letter.points.all()]
    known = {"one": every[:1], "one twice": every[:1] * 2, "four": every}
    points = known.get(str(change.get("points")), change.get("points"))
    sent = answers | change | ({"points": points} if "points" in change else {})
    page = text_of(client.post(URL, sent))

    assert message in page
    assert "There is a problem" in page
    if "own_words" not in change:
        assert answers["own_words"] in page


def test_an_unknown_postcode_leads_to_the_list_of_650(client, letter, answers):
    assert "<option" not in text_of(client.get(URL))
    page = text_of(client.post(URL, answers | {"postcode": "SW1A 1AA"}))

    assert page.count("<option") == 651
    assert textarea(text_of(client.post(URL, answers | {"postcode": "", "constituency": HAMPSTEAD})))


def test_a_vacant_seat_is_shown_as_vacant(client, letter, answers):
    page = text_of(client.post(URL, answers | {"constituency": ALDERSHOT}))

    assert "The seat is vacant" in page
    assert "Dear [your MP’s name]," in textarea(page)


def test_going_back_shows_the_form_with_all_answers(client, letter, answers):
    page = text_of(client.post(URL, answers | {"edit": "1"}))

    assert answers["own_words"] in page
    assert page.count("checked") == 3
    assert "There is a problem" not in page


def test_a_constituency_found_by_postcode_is_called_an_estimate_and_can_be_changed(client, letter, answers):
    found = text_of(client.post(URL, answers))
    chosen = text_of(client.post(URL, answers | {"constituency": HAMPSTEAD}))
    back = text_of(client.post(URL, answers | {"constituency": HAMPSTEAD, "edit": "1"}))

    assert "A few postcodes cross a boundary" in found
    assert "A few postcodes cross a boundary" not in chosen
    assert back.count("<option") == 651
    assert f'<option value="{HAMPSTEAD}" selected>' in back


def test_a_constituency_in_the_url_is_used(client, letter):
    page = text_of(client.get(URL, {"constituency": HAMPSTEAD}))

    assert "Your constituency: <strong>Hampstead and Highgate</strong>" in page
    assert "Your postcode" not in page
    assert "Your postcode" in text_of(client.get(URL, {"constituency": "E1400' OR 1=1"}))


def test_a_letter_without_parts_offers_only_the_plain_version(client, letter):
    letter.points.all().delete()
    letter.publish()

    page = text_of(client.get(URL))
    assert "Write your own" not in page
    assert "download.docx" in page


@pytest.mark.parametrize("path", ["", "download.docx"])
def test_a_form_with_mistakes_is_validated_once(client, answers, monkeypatch, path):
    validated, clean = [], ComposeForm.clean
    monkeypatch.setattr(ComposeForm, "clean", lambda form: validated.append(form) or clean(form))
    client.post(f"{URL}{path}", answers | {"name": ""})

    assert len(validated) == 1


def test_another_site_cannot_post_the_form(client, letter, answers):
    assert client.post(URL, answers, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_an_address_entered_by_hand_is_used(client, letter, answers):
    letter.recipients.members.update(email_override="office@example.org")

    assert "office@example.org" in text_of(client.post(URL, answers))


@pytest.mark.parametrize("nonsense", ["\0", "E14001265\0", "9" * 5000])
@pytest.mark.parametrize("path", ["", "download.docx", "download.eml"])
def test_an_impossible_constituency_is_refused_even_with_a_valid_postcode(client, answers, path, nonsense):
    response = client.post(f"{URL}{path}", answers | {"constituency": nonsense})

    assert response.status_code == 200
    assert response.context["form"].errors["constituency"]


def test_the_page_is_cheap_and_cacheable(client, letter, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        response = client.get(URL)

    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


def test_hostile_text_stays_text(client, letter, answers):
    hostile = "{{ mp.salutation }} {% debug %} <script>alert(1)</script> {{ settings.SECRET_KEY }}"
    page = text_of(client.post(URL, answers | {"own_words": hostile}))

    assert "<script>alert" not in page
    assert "{{ settings.SECRET_KEY }}" in page
    assert "{{ mp.salutation }}" in page


def test_a_source_without_a_link_is_named(client, letter):
    letter.points.update(url="", source="A book")
    letter.publish()
    page = text_of(client.get(URL))

    assert "It counts. A book, 1 May 2024" in page
    assert 'href=""' not in page


def test_letters_can_be_sent_to_another_body(client, letter, answers):
    council = RecipientFactory(body__slug="council", body__name="Council", area_code=HAMPSTEAD, display_name="Cllr Poe")
    OwnLetterFactory(slug="local", recipients=council.body)
    other = client.get("/letters/local/")
    assert other.status_code == 200
    points = [str(p.pk) for p in council.body.letters.get().points.all()[:2]]
    ask = str(council.body.letters.get().asks.first().pk)

    page = text_of(client.post("/letters/local/", answers | {"points": points, "ask": ask}))
    assert "Cllr Poe" in page
