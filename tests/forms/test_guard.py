"""The protection of public forms against other sites and bots."""

import pytest
from django.test import RequestFactory
from django.utils.functional import lazy

from campaign.forms.guard import STAMP_LIFE, HelpText, make_stamp, same_origin, stamp_age

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": "http://℀.com".encode().decode("latin-1")}, False),
        ({}, True),
    ],
)
def test_only_our_own_pages_may_post(headers, ours):
    assert same_origin(RequestFactory().post("/", headers=headers)) is ours


def test_a_stamp_gives_the_age_of_the_form_to_the_minute():
    age = stamp_age(make_stamp(NOW), NOW + 10)

    assert 10 <= age < 70


@pytest.mark.parametrize("stamp", ["", "x", "1795000000", make_stamp(NOW)[:-1], "x:" + make_stamp(NOW)])
def test_a_forged_stamp_gives_no_age(stamp):
    assert stamp_age(stamp, NOW) is None


def test_a_stamp_older_than_a_day_gives_no_age():
    assert stamp_age(make_stamp(NOW), NOW + STAMP_LIFE + 60) is None


def test_asking_whether_there_is_a_help_text_does_not_translate_it():
    def translate():
        pytest.fail("It was translated.")

    assert HelpText(lazy(translate, str)())
    assert str(HelpText(lazy(lambda: "In full", str)())) == "In full"
