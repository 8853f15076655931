"""Normalising an address: what is tidied, what is refused, and why."""

import sys
import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.email_addresses.canonical import address_hash
from campaign.email_addresses.parsing import (
    MAX_ADDRESS,
    REASONS,
    normalise,
    normalise_domain,
    trim,
    usable_address,
)
from campaign.forms.email_address import EmailAddressField, EmailAddressFormField

MARKS = [*"\u200b\ufeff\u202c\u202a\u2066\u00ad\u00a0\u2060\ufe0f\u3000\t\x00"]
INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}
ODD = st.sampled_from([*MARKS, "＠", "。", "．", "@", ".", "ｖ", "ü", "а", "xn--", "+", "-", "ß", "İ", "ﬃ", "\u0301"])
TYPED = st.lists(ODD | st.text(max_size=6), max_size=8).map("".join) | st.builds(
    "{}@{}.{}".format, st.text(max_size=8), st.text(max_size=8), st.sampled_from(["org", "example", "рф", "xn--p1ai"])
)


def refusal(typed):
    with pytest.raises(ValidationError) as refused:
        normalise(typed)
    return refused.value.code


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Ruth@Example.ORG", "Ruth@example.org"),
        ("ann@example.org\u202c", "ann@example.org"),
        ("\ufeff ann@example.org\u200b\n", "ann@example.org"),
        ("\u2068ann@example.org\u2069", "ann@example.org"),
        ("ｖ@example.org", "v@example.org"),
        ("v＠example．org", "v@example.org"),
        ("v@example。org", "v@example.org"),
        ("x@bücher.example", "x@xn--bcher-kva.example"),
        ("x@BU\u0308CHER.example", "x@xn--bcher-kva.example"),
        ("x@XN--BCHER-KVA.example", "x@xn--bcher-kva.example"),
        ("x@straße.example", "x@xn--strae-oqa.example"),
        ("x@пример.com", "x@xn--e1afmkfd.com"),
        ("x@почта1.рф", "x@xn--1-7sb5bdq3a.xn--p1ai"),
        ("x@日本のmail.example", "x@xn--mail-4c4cn272ao4b.example"),
        ("x@한국kr.example", "x@xn--kr-ro2i723k.example"),
        ("x@аррӏе.com", "x@xn--80ak6aa92e.com"),
    ],
)
def test_an_address_is_normalised_to_ascii(typed, same):
    assert normalise(typed) == same
    assert normalise(same) == same


@pytest.mark.parametrize("mark", MARKS)
def test_an_invisible_character_is_removed_at_the_ends_and_refused_inside(mark):
    assert normalise(f"{mark}ann@example.org{mark}") == "ann@example.org"
    for typed in (f"a{mark}nn@example.org", f"ann{mark}@example.org", f"ann@exam{mark}ple.org"):
        assert refusal(typed) == "invisible"


def test_no_invisible_character_gets_into_an_address():
    invisible = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) in INVISIBLE]
    assert len(invisible) > 200

    for character in invisible:
        assert not usable_address(f"a{character}nn@example.org")
        assert not usable_address(f"ann@exam{character}ple.org")
        assert usable_address(f"ann@example.org{character}") in {"ann@example.org", ""}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "invalid"),
        ("ann", "invalid"),
        ("a@b。.org", "invalid"),
        ("a@localhost", "invalid"),
        ("a@mail.localhost", "invalid"),
        ("a@b.test", "invalid"),
        ("a@b.invalid", "invalid"),
        ("a@[127.0.0.1]", "invalid"),
        ("a@127.0.0.1", "invalid"),
        ("a@[IPv6:::1]", "invalid"),
        ("a b@example.org", "invalid"),
        ("=?utf-8?q?v=69ctim?=@example.org", "invalid"),
        ("＝？utf-8?q?v=69ctim?=@example.org", "invalid"),
        ("a@example.org Bcc: v@example.net", "invalid"),
        ("a@example.org,b@example.org", "invalid"),
        ("Ann <ann@example.org>", "invalid"),
        ('"ann"@example.org', "invalid"),
        ("a@example.org\r\nBcc: v@example.net", "invisible"),
        ("a@xn--a.org", "invalid"),
        ("a@exa_mple.org", "invalid"),
        ("a@example.org.", "invalid"),
        ("ü@example.org", "letters"),
        ("а@example.org", "letters"),
        ("ann\ud800@example.org", "letters"),
        ("x@аpple.com", "mixed"),
        ("x@xn--pple-43d.com", "mixed"),
        ("x@mail.рaypal.com", "mixed"),
        ("x@αβa.example", "mixed"),
        ("x@한あ.example", "mixed"),
        ("a" * 65 + "@example.org", "too_long"),
        ("a@" + "b." * 126 + "org", "too_long"),
        ("a" * 2_000_000, "too_long"),
        ("\u200b" * 2_000_000, "too_long"),
    ],
)
def test_an_address_that_cannot_or_should_not_get_mail_is_refused_with_a_reason(typed, code):
    assert refusal(typed) == code
    assert usable_address(typed) == ""


def test_the_longest_allowed_address_is_accepted():
    longest = f"{'a' * 64}@{'b' * 61}.{'c' * 61}.{'d' * 61}.org"

    assert len(normalise(longest)) == MAX_ADDRESS
    assert refusal(longest.replace("@", "@b")) == "too_long"


@given(TYPED)
@example("ann@example.org\u00b4")
@example("a@\u2488com")
@example("a\ufdfa@example.org")
def test_any_text_is_refused_for_a_known_reason_or_normalised_to_ascii_for_good(typed):
    try:
        once = normalise(typed)
    except ValidationError:
        assert refusal(typed) in REASONS
        return
    assert once.isascii()
    assert once.isprintable()
    assert len(once) <= MAX_ADDRESS
    assert normalise(once) == once


LOCAL = st.from_regex(r"[a-z0-9]{1,10}([.+_-][a-z0-9]{1,10}){0,2}", fullmatch=True)
DOMAINS = st.sampled_from([("example.org", "example.org"), ("bücher.example", "xn--bcher-kva.example")])
ENDS = st.text(st.sampled_from([*MARKS, " "]), max_size=3)


def widened(text):
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalnum() else letter for letter in text)


@given(LOCAL, DOMAINS, ENDS, ENDS, st.sampled_from([str, str.upper, widened]), st.sampled_from(["NFC", "NFD"]))
def test_every_way_of_typing_one_address_gives_one_hash(local, domains, before, after, spelt, form):
    plain = address_hash(normalise(f"{local}@{domains[0]}"))

    for variant in (spelt(f"{local}@{domains[1]}"), unicodedata.normalize(form, f"{local}@{domains[0]}")):
        assert address_hash(normalise(before + variant + after)) == plain


@given(st.text())
def test_trimming_removes_characters_only_from_the_ends(text):
    assert trim(text) in text
    assert trim(trim(text)) == trim(text)


@pytest.mark.parametrize("typed", ["Bücher.example", " xn--bcher-kva.example\u200b", "BÜCHER.EXAMPLE"])
def test_a_domain_alone_is_normalised_too(typed):
    assert normalise_domain(typed) == "xn--bcher-kva.example"


@pytest.mark.parametrize("typed", ["", "localhost", "a@example.org", "example.org\nx", "exa mple.org"])
def test_an_invalid_domain_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter a domain"):
        normalise_domain(typed)


class AddressForm(forms.Form):
    """A form with a field for an address."""

    email = EmailAddressFormField()


def test_a_form_field_normalises_an_address_or_says_what_is_wrong():
    right, wrong = AddressForm({"email": " ｖ@Bücher.example\u202c"}), AddressForm({"email": "a\u200bb@example.org"})

    assert right.is_valid()
    assert right.cleaned_data == {"email": "v@xn--bcher-kva.example"}
    assert wrong.errors == {"email": ["The address contains an invisible character: type it again by hand"]}


def test_a_form_field_with_only_invisible_characters_is_empty():
    assert AddressForm({"email": " \u200b\ufeff"}).errors == {"email": ["This field is required."]}
    assert EmailAddressFormField(required=False).clean("\u200b") == ""


def test_a_model_field_is_an_ordinary_one_in_migrations_and_normalises_on_cleaning():
    column = EmailAddressField(blank=True)

    assert column.deconstruct()[1] == "django.db.models.EmailField"
    assert column.clean("v@bücher.example\u202c", None) == "v@xn--bcher-kva.example"
    assert column.clean("\u200b", None) == ""
    assert isinstance(column.formfield(), EmailAddressFormField)
    with pytest.raises(ValidationError):
        column.clean("a@localhost", None)
