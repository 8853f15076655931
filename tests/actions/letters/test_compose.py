"""Writing one's own letter: `/letters/<slug>/`."""

import email
import email.policy
import io
import re
from html import unescape

import docx
import pytest

from actions.letters.forms import ComposeForm
from actions.letters.models import DownloadCount, SentCount
from tests.actions.factories import OwnLetterFactory, RecipientFactory
from tests.actions.letters.conftest import ALDERSHOT, HAMPSTEAD

URL = "/letters/act/"
LINES = [
    "Dear Ms Doe,",
    "I live in Hampstead and Highgate.",
    "Fact 1.",
    "Fact 2.",
    "My grandmother came to London with one suitcase, and never forgot who opened a door.",
    "Will you act 1?",
    "Yours sincerely,",
    "Ruth Feldman",
]


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def textarea(page):
    return re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[1]


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


def test_the_constituency_of_a_postcode_is_called_an_estimate_and_can_be_changed(client, letter, answers):
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

    page = text_of(client.get(URL))
    assert "Write your own" not in page
    assert "download.docx" in page


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf", "txt", "eml"])
def test_the_download_is_filled_in(client, letter, answers, kind):
    response = client.post(f"{URL}download.{kind}", answers)

    assert response.headers["Content-Disposition"] == f'attachment; filename="act.{kind}"'
    assert "no-store" in response.headers["Cache-Control"]
    if kind == "docx":
        lines = [part.text for part in docx.Document(io.BytesIO(response.content)).paragraphs]
        assert lines[0] == "Ruth Feldman\n1 High Street\nLondon NW3 7UX"
        assert lines[2] == "Ms Jane Doe MP\nHouse of Commons\nLondon\nSW1A 0AA"
        assert lines[4:] == LINES


def test_the_plain_letter_is_filled_in_when_no_parts_are_chosen(client, letter):
    answers = {"constituency": HAMPSTEAD, "name": "Ruth Feldman", "address": "1 High Street"}
    text = client.post(f"{URL}download.txt", answers).content.decode()

    assert "Will you act?" in text
    assert "Dear Ms Jane Doe," in text


def test_a_draft_has_a_recipient_a_subject_and_the_senders_address(client, letter, answers):
    hostile = answers | {"name": "Ruth\r\nBcc: all@example.org"}
    response = client.post(f"{URL}download.eml", hostile)
    draft = email.message_from_bytes(response.content, policy=email.policy.default)

    assert draft["To"] == "jane.doe.mp@example.org"
    assert draft["Subject"] == "A question"
    assert draft["Bcc"] is None
    assert "1 High Street" in draft.get_content()


def test_an_invalid_form_makes_no_file(client, letter, answers):
    response = client.post(f"{URL}download.docx", answers | {"name": ""})

    assert "Enter your name" in text_of(response)


@pytest.mark.parametrize("path", ["", "download.docx"])
def test_a_form_with_mistakes_is_validated_once(client, answers, monkeypatch, path):
    validated, clean = [], ComposeForm.clean
    monkeypatch.setattr(ComposeForm, "clean", lambda form: validated.append(form) or clean(form))
    client.post(f"{URL}{path}", answers | {"name": ""})

    assert len(validated) == 1


@pytest.mark.parametrize("path", ["download.exe", "download.eml"])
def test_an_unavailable_format_is_not_found(client, letter, path):
    assert client.get(URL + path).status_code == 404


def test_another_site_cannot_post_the_form(client, letter, answers):
    assert client.post(URL, answers, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_an_address_entered_by_hand_is_used(client, letter, answers):
    letter.recipients.members.update(email_override="office@example.org")

    assert "office@example.org" in text_of(client.post(URL, answers))


def test_downloads_are_counted_by_day_and_format_only(client, letter, answers):
    client.get(f"{URL}download.pdf")
    client.get(f"{URL}download.pdf")
    client.head(f"{URL}download.pdf")
    client.get(f"{URL}download.pdf", headers={"sec-purpose": "prefetch"})
    client.post(f"{URL}download.docx", answers)

    counts = {count.kind: count.count for count in DownloadCount.objects.all()}
    assert counts == {"pdf": 2, "docx": 1}
    assert {field.name for field in DownloadCount._meta.fields} == {"id", "letter", "kind", "day", "count"}


@pytest.mark.parametrize("nonsense", ["\0", "E14001265\0", "9" * 5000])
@pytest.mark.parametrize("path", ["", "download.docx", "download.eml"])
def test_an_impossible_constituency_is_refused_even_with_a_valid_postcode(client, answers, path, nonsense):
    response = client.post(f"{URL}{path}", answers | {"constituency": nonsense})

    assert response.status_code == 200
    assert response.context["form"].errors["constituency"]


@pytest.mark.parametrize("nonsense", ["\0", "a\0b", "", "E14", "E14001265\0", "9" * 5000])
def test_an_invalid_constituency_is_counted_as_none(client, letter, nonsense):
    assert client.post(f"{URL}sent/", {"constituency": nonsense}).status_code == 302
    assert letter.sent.values_list("area_code", "count").get() == ("", 1)


def test_sent_letters_are_counted_and_shown_from_ten_on(client, letter):
    for _ in range(9):
        assert client.post(f"{URL}sent/", {"constituency": HAMPSTEAD}).status_code == 302
    assert "people have told us" not in text_of(client.get(URL))

    client.post(f"{URL}sent/", {"constituency": "nonsense" * 9})
    assert "<strong>10</strong>" in text_of(client.get(URL))
    assert "<strong>10</strong>" in text_of(client.get(f"{URL}sent/"))
    counts = {count.area_code: count.count for count in SentCount.objects.all()}
    assert counts == {HAMPSTEAD: 9, "": 1}


def test_viewing_the_thank_you_page_counts_nothing(client, letter):
    client.get(f"{URL}sent/")

    assert not SentCount.objects.exists()


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


@pytest.mark.parametrize(
    ("change", "query"),
    [
        ({}, "a=westminstermp&amp;pc=NW3+7UX"),
        ({"constituency": HAMPSTEAD, "postcode": ""}, "a=westminstermp&amp;pc=NW3+7UX"),
        ({"constituency": HAMPSTEAD, "address": "Flat 2, 11 High Street, London nw37ux, England"}, "&amp;pc=NW3+7UX"),
        ({"constituency": HAMPSTEAD, "postcode": "", "address": "1 High Street"}, "?a=westminstermp&quot;"),
    ],
)
def test_writetothem_is_given_the_postcode_that_was_typed(client, letter, answers, change, query):
    page = text_of(client.post(URL, answers | change)).replace('"', "&quot;")

    assert "https://www.writetothem.com/?a=westminstermp" in page
    assert query in page
    assert "writetothem" not in text_of(client.get(URL))


def test_writetothem_is_recognised_without_www_too(client, letter, answers):
    letter.recipients.write_url = "https://writetothem.com/"
    letter.recipients.save()

    assert 'href="https://writetothem.com/?a=westminstermp&amp;pc=NW3+7UX"' in text_of(client.post(URL, answers))


def test_another_site_for_writing_to_members_is_not_given_the_postcode(client, letter, answers):
    letter.recipients.write_url = "https://write.example/?x=1"
    letter.recipients.save()
    page = text_of(client.post(URL, answers))

    assert 'href="https://write.example/?x=1"' in page
    assert "pc=" not in page


def words_of(client, answers):
    return textarea(text_of(client.post(URL, answers)))


def test_each_writer_gets_one_of_the_wordings_and_keeps_it(client, letter, answers):
    letter.points.update(other_wordings="Said otherwise.\r\n\r\n Said a third way. ")
    letter.asks.update(other_wordings="Would you act?")
    letter.wordings.create(part="opening", text="Dear {{ mp.salutation }},\n\nAnother opening.")
    letter.wordings.create(part="closing", text="With best wishes,\n\n{{ sender.name }}")
    texts = [words_of(client, answers | {"name": f"Writer {number}"}) for number in range(24)]

    parts = ("Fact 1", "Said otherwise.", "Said a third way.", "Another opening.", "I live in", "Would you", "Will you")
    assert all(0 < sum(part in text for text in texts) < len(texts) for part in parts)
    again = words_of(client, answers | {"name": "Writer 5", "own_words": "New."})
    assert again == texts[5].replace(answers["own_words"], "New.")


def test_the_download_has_the_wordings_of_the_preview(client, letter, answers):
    letter.points.update(other_wordings="\n".join(f"Wording {number}." for number in range(20)))
    parts = words_of(client, answers).split("\n\n")

    assert "\n\n".join(parts) in client.post(f"{URL}download.txt", answers).content.decode()


def test_a_source_without_a_link_is_named(client, letter):
    letter.points.update(url="", source="A book")
    page = text_of(client.get(URL))

    assert "It counts. A book, 1 May 2024" in page
    assert 'href=""' not in page


def test_the_similarity_falls_as_words_are_added(client, letter, answers):
    def percent(words):
        page = text_of(client.post(URL, answers | {"own_words": words}))
        return int(re.search(r'id="percent">(\d+)<', page)[1])

    few, many = percent("Yes."), percent(" ".join(f"Word {number} is mine alone." for number in range(40)))
    assert few > 50 > many


def test_the_preview_says_how_much_is_missing(client, letter, answers):
    page = text_of(client.post(URL, answers | {"own_words": "Yes."}))
    missing = int(re.search(r'id="missing">(\d+)<', page)[1])
    enough = "".join(f"{number:04}" for number in range(missing // 4 + 1))

    assert "Good: this is your own letter" in page.split('data-when="own" hidden')[1]
    assert 'data-when="own">' in text_of(client.post(URL, answers | {"own_words": f"Yes. {enough}"}))


def test_letters_can_be_sent_to_another_body(client, letter, answers):
    council = RecipientFactory(body__slug="council", body__name="Council", area_code=HAMPSTEAD, display_name="Cllr Poe")
    OwnLetterFactory(slug="local", recipients=council.body)
    other = client.get("/letters/local/")
    assert other.status_code == 200
    points = [str(p.pk) for p in council.body.letters.get().points.all()[:2]]
    ask = str(council.body.letters.get().asks.first().pk)

    page = text_of(client.post("/letters/local/", answers | {"points": points, "ask": ask}))
    assert "Cllr Poe" in page
