"""Names as people type them: what is tidied, and what is refused."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from campaign.forms.names import MAX_TIDIED, NameField, TidyField, is_a_name, tidy

TYPED = st.text(st.characters() | st.sampled_from("\0\x07\n\u202e\u2066\u0958\ud800 <@"), max_size=30)


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("  Ruth \t Feldman\r\n", "Ruth Feldman"),
        ("Ruth\x07Feldman", "Ruth Feldman"),
        ("\u202eRuth\u202c", "Ruth"),
        ("Zoe\u0308", "Zoë"),
        ("Ruth \ud800", "Ruth"),
        ("\x01\u2066", ""),
    ],
)
def test_a_name_is_tidied(typed, tidied):
    assert tidy(typed) == tidied
    assert TidyField(max_length=20, required=False).clean(typed) == tidied


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
        ("12345", "not_a_name"),
        ("www.example.org", "not_a_name"),
        ("Ruth <b>", "not_a_name"),
        ("ruth@example.org", "not_a_name"),
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
