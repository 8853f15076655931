"""Telephone numbers in organisers' texts."""

import pytest

from actions.protests.templatetags.phones import linked_phones


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("07700 900123", "07700900123"),
        ("020 7946 0018", "02079460018"),
        ("(020) 7946-0018", "02079460018"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+49.30.23125123", "+493023125123"),
    ],
)
def test_a_telephone_number_becomes_a_link_that_dials_it(number, dialled):
    html = linked_phones(f"Legal observers: {number}, day and night")

    assert html == f'Legal observers: <a href="tel:{dialled}" dir="ltr">{number}</a>, day and night'


@pytest.mark.parametrize(
    "text", ["Ask a steward in an orange bib", "In 2026, on 6 December", "ref AB12345678901", "999"]
)
def test_other_numbers_are_left_alone(text):
    assert linked_phones(text) == text


def test_two_numbers_are_two_links_and_markup_is_escaped():
    html = linked_phones("<b>07700 900123 or 07700 900456</b>")

    assert html.count("<a ") == 2
    assert html.startswith("&lt;b&gt;")
    assert html.endswith("&lt;/b&gt;")
