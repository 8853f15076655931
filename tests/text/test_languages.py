"""Language attributes: of what organisers write, and of the interface around it."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils import translation

from campaign.pages.models import Fact
from campaign.text.languages import CONTENT_LANGUAGES, direction, own_name
from tests.accounts.organisers import sign_in
from tests.actions.factories import AppealFactory, BrandFactory, LetterFactory, ProtestFactory
from tests.checkouts import HERE
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory

CHECKED = {"checked_by": "Ruth", "checked_on": date(2026, 11, 1)}
OURS = r'<html lang="en-gb"\s+dir="ltr"'


def text_of(client, path, form=None):
    response = client.post(path, form) if form else client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_every_language_of_the_interface_has_a_catalogue():
    for code, _name in settings.LANGUAGES:
        locale = translation.to_locale(code)
        assert code == settings.LANGUAGE_CODE or (HERE / "locale" / locale / "LC_MESSAGES" / "django.mo").exists()


def test_no_page_or_message_switches_the_interface_to_the_language_of_its_content():
    files = (file for app in ("campaign", "pledges", "actions") for file in (HERE / app).rglob("*.py"))
    code = "".join(file.read_text() for file in files)

    assert "interface_language" in code
    assert re.findall(r"override\([^)]*\.language\)", code) == []


@pytest.mark.parametrize(
    ("language", "side"), [("ug", "rtl"), ("he", "rtl"), ("yi", "rtl"), ("zh-hans", "ltr"), ("cy", "ltr")]
)
def test_a_page_marks_the_language_of_its_content_and_keeps_the_interface_in_english(client, db, language, side):
    SiteSettingsFactory()
    bet = PageFactory(slug="bet", language=language, downloadable=True, **CHECKED)
    PageFactory(translation_of=bet)
    Fact.objects.create(parent=bet, region="main", claim="C", source="S", dated="2026")
    bet.publish()
    page = text_of(client, "/bet/")

    assert re.search(OURS, page)
    assert re.search(rf'<main id="main"\s+tabindex="-1"\s+lang="{language}" dir="{side}"', page)
    assert re.search(r'<p class="small" lang="en-gb" dir="ltr">\s+Last changed:', page)
    assert '<span lang="en-gb" dir="ltr">Source:</span>' in page
    assert re.search(r'<nav aria-label="This page in other languages"\s+lang="en-gb" dir="ltr">', page)


@pytest.mark.parametrize("language", [code for code, _name in CONTENT_LANGUAGES])
def test_every_language_has_a_name_of_its_own(language):
    own, english = own_name(language), str(dict(CONTENT_LANGUAGES)[language])

    assert own == english if language == "en-gb" else own not in (english, language)


def test_an_unknown_language_is_shown_by_its_code(db):
    assert PageFactory.build(language="zz").language_name == "zz"


def test_a_page_in_the_sites_language_does_not_mark_it_again(client, db):
    SiteSettingsFactory()
    PageFactory(slug="bet")

    assert text_of(client, "/bet/").count('lang="') == 1


def test_the_form_of_a_hebrew_pledge_is_english_throughout(client, db):
    SiteSettingsFactory()
    pledge = PledgeFactory(language="he", title="עצומה", statement="מילים", demands=["דרישה"])
    for form in (None, {"name": "Ruth\0"}):
        page = text_of(client, pledge.get_absolute_url(), form)
        assert re.search(OURS, page)
        assert '<h1 lang="he" dir="rtl">עצומה</h1>' in page
        assert re.search(r'<div class="statement"\s+lang="he" dir="rtl">', page)
        assert '<ol class="demands" lang="he" dir="rtl">' in page
        our_words = re.sub(r"עצומה|מילים|דרישה", "", page)
        assert not re.search("[א-ת]", our_words)


def test_letters_protests_and_brands_mark_the_language_of_their_content(client, db):
    SiteSettingsFactory()
    for content in (
        LetterFactory(language="ug"),
        ProtestFactory(language="ug"),
        BrandFactory(language="ug", statement="Words"),
    ):
        page = text_of(client, content.get_absolute_url())
        assert re.search(OURS, page), content
        assert 'lang="ug" dir="rtl"' in page, content


def test_appeals_and_lists_of_protests_mark_only_the_language_of_their_content(client, db):
    SiteSettingsFactory()
    AppealFactory(language="he", title="תרומה")
    ProtestFactory(language="he", title="הפגנה")

    assert re.search(r'<h2 id="[^"]*"\s+lang="he" dir="rtl">תרומה</h2>', text_of(client, "/donate/"))
    assert re.search(r'<li class="card">\s+<h2 lang="he" dir="rtl">', text_of(client, "/protests/"))


def test_the_home_page_marks_the_language_of_its_content(client, db):
    SiteSettingsFactory(language="he", hero_title="שלום")

    assert '<h1 lang="he" dir="rtl">שלום</h1>' in text_of(client, "/")


def test_organisers_choose_from_the_campaigns_languages(client, db):
    sign_in(client)
    choices = re.search(r'<select name="language".*?</select>', text_of(client, "/admin/pages/page/add/"), re.DOTALL)[0]

    assert re.findall(r'value="([^"]*)"', choices) == [code for code, _name in CONTENT_LANGUAGES]
    assert "af" not in dict(CONTENT_LANGUAGES)
    assert {"en-gb", "ug", "zh-hans", "he", "yi", "tr", "kk"} <= dict(CONTENT_LANGUAGES).keys()
    with pytest.raises(ValidationError) as error:
        PageFactory.build(language="zz").full_clean()
    assert "language" in error.value.message_dict


def test_every_language_has_the_same_direction_as_in_django():
    for code, _name in CONTENT_LANGUAGES:
        if code in LANG_INFO:
            assert (direction(code) == "rtl") == translation.get_language_info(code)["bidi"]
