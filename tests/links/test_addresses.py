"""Addresses for links, as people type them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from campaign.links.addresses import completed
from campaign.links.hrefs import hrefs


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("", ""),
        ("  www.example.org ", "https://www.example.org"),
        ("example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTPS://Example.org/", "https://Example.org/"),
        ("http://example.org/", "http://example.org/"),
        ("ruth@example.org", "mailto:ruth@example.org"),
        ("mailto:ruth@example.org?subject=Hello", "mailto:ruth@example.org?subject=Hello"),
        ("/letters/", "/letters/"),
        ("letters/act/", "/letters/act/"),
        ("leaflet.pdf", "/leaflet.pdf"),
        ("#names", "#names"),
        ("http://127.0.0.1:8000/letters/?a=1#b", "/letters/?a=1#b"),
        ("https://127.0.0.1:8000", "/"),
        ("\u200bwww.exam\nple.org", "https://www.example.org"),
        ("https://bücher.example/", "https://bücher.example/"),
    ],
)
def test_an_address_is_completed(typed, address):
    assert completed(typed) == address
    assert completed(address) == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("javascript:alert(1)", "scheme"),
        ("java\tscript:alert(1)", "scheme"),
        (" \x01JAVASCRIPT:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("file:///C:/plan.docx", "scheme"),
        ("localhost:8000", "scheme"),
        ("/\\evil.example", "spaces"),
        ("\\\\evil.example", "spaces"),
        ("https://exam ple.org", "spaces"),
        ("https://exam\u200bple.org", "spaces"),
        ("https://user:secret@example.org/", "login"),
        ("https://bank.example@evil.example/", "login"),
        ("https://", "unusable"),
        ("//example.org/a", "unusable"),
        ("https://[::1", "unusable"),
        ("https://example", "unusable"),
        ("mailto:nobody", "invalid"),
    ],
)
def test_an_address_that_no_browser_should_follow_is_refused(typed, code):
    with pytest.raises(ValidationError) as refused:
        completed(typed)
    assert refused.value.code == code


@given(st.text() | st.from_regex(r"(https?:|/|//|mailto:|javascript:|www\.)?[\w./\\@:#? %-]*", fullmatch=True))
def test_anything_typed_becomes_a_harmless_address_or_an_error(typed):
    try:
        address = completed(typed)
    except ValidationError:
        return
    assert completed(address) == address
    assert address == "" or address.startswith(("/", "#", "https://", "http://", "mailto:"))
    assert not address.startswith("//")
    assert not set(address) & set("\t\n\r\\ ")


@given(st.text(alphabet="<a href=\"'/>javscript:x!-[]&#;\n"))
def test_links_are_found_in_any_text(html):
    assert all(isinstance(href, str) for href in hrefs(html))


def test_links_are_found_whatever_their_scheme():
    html = '<p><a href="javascript:x">a</a><A HREF=/b/>b</A><a href="www.c.org">c</a><a name="d">d</a></p>'

    assert hrefs(html) == ["javascript:x", "/b/", "www.c.org"]
