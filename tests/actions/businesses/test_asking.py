"""A visitor's own letter to a brand: `/businesses/<slug>/ask/`."""

import re
from html import unescape

import pytest

from tests.actions.factories import BrandFactory, CallFactory
from tests.factories import SiteSettingsFactory

URL = "/businesses/cotton/ask/"
OWN = (
    "My daughter has worn your school shirts for six years, and her brother will have them after her. "
    "I would like to tell them both that nobody was forced to pick the cotton."
)


@pytest.fixture
def call(db):
    SiteSettingsFactory()
    return CallFactory()


@pytest.fixture
def brand(call):
    return BrandFactory(slug="cotton", public_address="customers@cotton.org")


@pytest.fixture
def answers(call, brand):
    return {"points": [str(call.letter_points.first().pk)], "own_words": OWN, "name": "Ruth", "town": "Leeds"}


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def textarea(page):
    return unescape(re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[1])


def test_the_letter_contains_the_point_and_the_visitors_own_words(client, answers):
    page = text_of(client.post(URL, answers))

    closing = ["Please answer in writing, so that I can show it to my family.", "Yours faithfully,", "Ruth"]
    lines = ["Dear Cotton & Co,", "Where was the cotton grown that you use, 1?", OWN, *closing]
    assert textarea(page).split("\n\n") == lines
    assert "mailto:customers@cotton.org?subject=A%20question%20from%20a%20customer%20of%20Cotton" in page


def test_somebody_who_gives_no_name_signs_as_a_customer(client, answers):
    page = text_of(client.post(URL, answers | {"name": "", "town": ""}))

    assert textarea(page).endswith("A customer")


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf", "txt", "eml"])
def test_the_letter_can_be_downloaded_as_edited(client, answers, kind):
    response = client.post(f"{URL}download.{kind}", answers | {"text": f"Dear shop,\n\n{OWN}"})

    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="cotton.{kind}"'
    assert "no-store" in response["Cache-Control"]
    if kind in ("txt", "eml"):
        assert b"Dear shop," in response.content
    if kind == "eml":
        assert b"To: customers@cotton.org" in response.content


def test_a_letter_that_is_half_in_our_words_can_neither_be_sent_nor_saved(client, answers):
    ours = answers | {"own_words": "Please."}
    for response in (client.post(URL, ours), client.post(f"{URL}download.eml", ours)):
        page = text_of(response)
        assert "once more than half of it is in your own words" in page
        assert "mailto:" not in page
        assert "download.eml" not in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": []}, "Choose one or two points"),
        ({"points": "all"}, "no more than two points: short letters"),
        ({"points": ["9999999"]}, "Select a valid choice"),
        ({"own_words": " "}, "a few sentences of your own"),
        ({"own_words": "x" * 5001}, "at most 5000 characters"),
        ({"name": "https://spam.example"}, "Enter a name, without a web address"),
        ({"name": "a\0b"}, "Null characters are not allowed"),
    ],
)
def test_a_mistake_gets_an_error_and_nothing_typed_is_lost(client, call, answers, change, message):
    if change.get("points") == "all":
        change = {"points": [str(point.pk) for point in call.letter_points.all()]}
    page = text_of(client.post(URL, answers | change))

    assert message in page
    assert "Leeds" in page


def test_the_preview_resends_every_answer(client, answers):
    page = text_of(client.post(URL, answers | {"own_words": f'{OWN} "&"'}))
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    sent = {name: [unescape(value) for other, value in hidden if other == name] for name, _value in hidden}

    assert sent.keys() == answers.keys()
    assert textarea(text_of(client.post(URL, sent))) == textarea(page)
    assert OWN.split()[0] in text_of(client.post(URL, sent | {"edit": "1"}))


def test_no_part_of_the_letter_is_stored_or_logged(client, answers, caplog, django_assert_max_num_queries):
    with django_assert_max_num_queries(9) as queries:
        response = client.post(URL, answers)

    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
    assert not re.search("Ruth|Leeds|shirts", caplog.text)
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_the_page_is_cacheable_discreet_and_cautions_people_at_risk(client, brand):
    response = client.get(URL)
    page = text_of(response)

    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in page
    assert "noindex" in page
    assert 'id="exit"' in page
    assert "Could you or your family be punished for writing?" in page
    assert "Cotton" not in page.partition("</title>")[0]


def test_a_brand_without_a_public_address_gets_no_address_in_the_letter(client, answers, brand):
    brand.public_address, brand.contact = "", "press@cotton.org"
    brand.save()

    page = text_of(client.post(URL, answers))

    assert "mailto:" not in page
    assert "We don’t have a public address" in page
    assert "press@cotton.org" not in page


def test_the_brands_page_links_to_the_form_only_if_the_call_has_a_letter(client, call, brand):
    assert URL in text_of(client.get("/businesses/cotton/"))

    call.letter_points.all().delete()
    call.publish(check=False)

    assert URL not in text_of(client.get("/businesses/cotton/"))
    assert client.get(URL).status_code == 404


def test_another_site_cannot_post_the_form(client, answers):
    assert client.post(URL, answers, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_download_without_a_letter_redirects_to_the_form(client, brand):
    assert client.get(f"{URL}download.pdf").headers["Location"] == URL
