"""Converting text to the characters that HMRC accepts; HMRC deletes any others without warning."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.fundraising.gift_aid.hmrc_text import hmrc_text, is_hmrc_text

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u05be"
APOSTROPHES = "\u2018\u2019\u201b\u2032\u02bc\u02bb`´\uff07"


@pytest.mark.parametrize("dash", DASHES, ids=ascii)
def test_every_dash_becomes_a_hyphen(dash):
    assert hmrc_text(f"House{dash}Martin") == "House-Martin"
    assert is_hmrc_text(f"House{dash}Martin")


@pytest.mark.parametrize("apostrophe", APOSTROPHES, ids=ascii)
def test_every_apostrophe_becomes_a_plain_one(apostrophe):
    assert hmrc_text(f"O{apostrophe}Brien") == "O'Brien"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Łukasz", "Lukasz"),
        ("Şükrü Öğüt", "Sükrü Ögüt"),
        ("Zoë Müller-Œ", "Zoë Müller-Oe"),
        ("Zoe\u0308", "Zoë"),
        ("Nguyễn", "Nguyen"),
        ("Ｒｕｔｈ", "Ruth"),
        ("Ó\u00a0Néill\u00ad", "Ó Néill"),
        ("Ann 李", "Ann"),
        ("李小龙", ""),
    ],
)
def test_letters_become_characters_that_hmrc_accepts(typed, written):
    assert hmrc_text(typed) == written


@pytest.mark.parametrize("name", ["李小龙", "Ann 李", "Ольга", "روشن", "דוד"])
def test_names_in_other_scripts_are_recognised(name):
    assert not is_hmrc_text(name)


@given(st.text(max_size=40))
def test_only_characters_that_hmrc_accepts_remain(text):
    written = hmrc_text(text)

    assert re.fullmatch(r"[\x20-\x7e\xa1-\xff]*", written)
    assert hmrc_text(written) == written
