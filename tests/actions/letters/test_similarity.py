"""Measuring how much of a letter is the campaign's wording."""

import itertools
from dataclasses import replace

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from actions.letters.models import MAX_POINTS, MIN_POINTS, Letter
from actions.letters.recipients import Recipient
from actions.letters.writing import Choices, Writer, by_writer, compose, template, templates
from campaign.letters.similarity import TOO_ALIKE, Likeness, likeness, windows
from campaign.letters.writing import longest
from campaign.places.models import Constituency
from tests.actions.letters.writers import WRITERS

texts = st.text(max_size=80)


def alike(first, second):
    """Return how alike, from 0 to 1, WriteToThem would find two letters with these windows."""
    return 2 * len(first & second) / (len(first) + len(second))


@pytest.fixture
def letters(db):
    call_command("load_campaign")
    return list(Letter.objects.prefetch_related("points", "asks", "wordings"))


def choices(letter, own_words):
    """Yield every combination of points and question that a visitor can choose."""
    for number in range(MIN_POINTS, MAX_POINTS + 1):
        for points in itertools.combinations(letter.points.all(), number):
            for ask in letter.asks.all():
                yield Choices(points, ask, own_words)


def writer(name, place="Caithness, Sutherland and Easter Ross"):
    """Return a writer in a constituency with one of the longest names."""
    recipient = Recipient(display_name="Sir Geoffrey Doe-Brown", salutation="Sir Geoffrey")
    return Writer(name, f"1 High Street, {name}’s town", Constituency(name=place), recipient)


def written(letter, chosen, by):
    text = compose(letter, chosen, by.details(), by_writer(by))
    return text, likeness(text, templates(letter, chosen, by))


def test_five_of_the_writers_own_sentences_are_enough_whatever_the_points_and_wordings(letters):
    for letter in letters:
        for name, own_words in WRITERS.items():
            by = writer(name)
            for chosen in choices(letter, own_words):
                assert not written(letter, chosen, by)[1].too_alike, (name, chosen)
                text, bare = (
                    compose(letter, one, by.details(), longest) for one in (chosen, replace(chosen, own_words=""))
                )
                assert not likeness(text, [bare, template(letter, by.details())]).too_alike, (name, chosen)


def test_a_letter_without_the_writers_own_words_is_too_alike(letters):
    for letter in letters:
        for chosen in choices(letter, ""):
            assert written(letter, chosen, writer("Ruth Feldman"))[1].share == 1


def test_two_letters_with_the_same_points_are_not_alike(letters):
    for letter in letters:
        scores = []
        for chosen in choices(letter, ""):
            found = []
            for name, own_words in WRITERS.items():
                by = writer(name)
                text = compose(letter, replace(chosen, own_words=own_words), by.details(), by_writer(by))
                found.append(windows(text))
            scores += [alike(one, other) for one, other in itertools.combinations(found, 2)]
        assert sum(scores) / len(scores) < 0.2
        assert max(scores) < TOO_ALIKE


@given(st.text("abc ", max_size=400), st.text("rst ", max_size=600), st.text("xyz ", max_size=600))
def test_two_letters_that_pass_are_never_too_alike(ours, one, other):
    letters = [f"{ours}|{own}" for own in (one, other)]
    if not any(likeness(letter, [f"{ours}|"]).too_alike for letter in letters):
        assert alike(*map(windows, letters)) < TOO_ALIKE


@given(texts, st.lists(texts))
def test_the_share_is_between_zero_and_one(text, ours):
    assert 0 <= likeness(text, ours).share <= 1
    assert likeness(text, [text, *ours]).share == 1


def test_the_share_is_right_for_an_example():
    assert likeness("a" * 10 + "b" * 40, ["c" * 50]).share == 0
    assert likeness("  spaces \n do not ", ["spaces do not"]).share == 1
    assert likeness("", ["x"]) == Likeness(0, 1)


def test_the_percentage_never_says_that_a_letter_is_too_alike_when_it_is_not():
    assert (Likeness(199, 400).percent, Likeness(199, 400).too_alike) == (49, False)
    assert (Likeness(200, 400).percent, Likeness(200, 400).too_alike) == (50, True)


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_missing_characters_are_enough_and_no_more_than_ten_too_many(ours, own):
    measured = Likeness(ours, ours + own)
    if measured.too_alike:
        assert not Likeness(ours, ours + own + measured.missing).too_alike
        assert Likeness(ours, ours + own + measured.missing - 10).too_alike
    else:
        assert measured.missing == 0
