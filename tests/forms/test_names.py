"""Names as people type them: what is tidied, and what is refused."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from campaign.forms.names import MAX_TIDIED, NameField, TidyField, is_a_name, tidy

ODD = "\0\x07\n\u202e\u2066\u0958\ud800 <@\u200c\u200d\u3164\u0301\u0336\u20dd\u094d\u0639"
TYPED = st.text(st.characters() | st.sampled_from(ODD), max_size=30)


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("  Ruth \t Feldman\r\n", "Ruth Feldman"),
        ("Ruth\x07Feldman", "Ruth Feldman"),
        ("\u202eRuth\u202c", "Ruth"),
        ("Zoe\u0308", "Zoë"),
        ("Ruth \ud800", "Ruth"),
        ("\x01\u2066", ""),
        ("\u202e\u202c", ""),
        ("\u3164", ""),
        ("\u115f\u1160\uffa0\u2800", ""),
        ("Ru\u200bth\ufeff Feld\u00adman\u2060", "Ruth Feldman"),
        ("Ada\U000e0041\U000e007f", "Ada"),
        ("A\ue000da", "A da"),
        ("Ruth\u2028Feldman", "Ruth Feldman"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_a_name_is_tidied(typed, tidied):
    assert tidy(typed) == tidied
    assert TidyField(max_length=20, required=False).clean(typed) == tidied


@pytest.mark.parametrize(
    "name",
    [
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",  # Alireza, in Persian
        "\u0915\u094d\u200d\u0937",  # a half-letter, in Hindi
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sri, in Sinhala
        "\u09b0\u200d\u09cd\u09af\u09be\u099a\u09c7\u09b2",  # Rachel, in Bengali
        "\u0cb0\u200d\u0ccd\u0caf\u0cbe\u0c82",  # the beginning of a Kannada word
    ],
)
def test_a_joiner_stays_where_the_script_needs_it(name):
    assert tidy(name) == name


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
@pytest.mark.parametrize("name", ["a{}b", "{}Ruth", "Ruth{}", "\u05e8{}\u05d5"])
def test_a_joiner_is_removed_where_it_changes_nothing(name, joiner):
    assert tidy(name.format(joiner)) == name.format("", "")


def test_only_one_of_several_joiners_stays():
    assert tidy("\u0639\u200c\u200d\u200c\u0644") == "\u0639\u200c\u0644"


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("R\u0336\u0336\u0315\u0316\u0317\u0318\u0319\u031auth", "R\u0336\u0316\u0317\u0318uth"),
        ("\u0301Ada", "Ada"),
        ("Ada \u0301Lovelace", "Ada Lovelace"),
        ("Ruth\u20dd", "Ruth"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("\u05e9\u05bc\u05c1\u05b8", "\u05e9\u05b8\u05bc\u05c1"),
        ("\u0f66\u0f92\u0fb2\u0f74\u0f56", "\u0f66\u0f92\u0fb2\u0f74\u0f56"),
    ],
)
def test_only_marks_that_a_language_uses_stay(typed, tidied):
    assert tidy(typed) == tidied


@given(TYPED)
def test_a_name_that_is_taken_is_tidy_and_fits(typed):
    try:
        name = NameField(max_length=20).clean(typed)
    except ValidationError:
        return
    assert is_a_name(name)
    assert len(name) <= 20
    assert tidy(name) == name
    assert not {unicodedata.category(letter) for letter in name} & {"Cc", "Cs"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("\x01", "required"),
        ("\u3164", "required"),
        ("\u202e\u202c", "required"),
        ("\U0001f469\u200d\U0001f469", "not_a_name"),
        ("12345", "not_a_name"),
        ("www.example.org", "not_a_name"),
        ("Ruth <b>", "not_a_name"),
        ("ruth@example.org", "not_a_name"),
        ("ruth\uff20example.org", "not_a_name"),
        ("\uff57\uff57\uff57\uff0eexample.org", "not_a_name"),
        ("\u0640\u0640\u0640", "not_a_name"),
        ("\u30fc", "not_a_name"),
        ("\u02d0", "not_a_name"),
        ("Ruth\0", "null_characters_not_allowed"),
        ("R" * 21, "max_length"),
        ("a" * (MAX_TIDIED + 1), "max_length"),
        ("\u0958" * 20, "max_length"),
    ],
)
def test_other_text_is_refused_with_a_reason(typed, code):
    with pytest.raises(ValidationError) as refused:
        NameField(max_length=20).clean(typed)

    assert refused.value.error_list[0].code == code
