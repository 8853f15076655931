"""Which changes to words that people have signed are corrections, and which make a new wording."""

import pytest

from pledges.wordings.words import Words

STATEMENT = " ".join(f"word{'abcdefghijklmnopqrstuvwxyz'[place % 26] * 3}" for place in range(44))
DEMANDS = ["End the camps now, and say so in 2026.", "Free  everyone\r\nwho is held there."]
FIRST = Words.of(STATEMENT, DEMANDS)


def with_demand(text):
    return Words.of(STATEMENT, [text, DEMANDS[1]])


@pytest.mark.parametrize(
    "text",
    [
        "End the camps now and say so in 2026.",
        "End the camps now – and say so in 2026!",
        "end the Camps now, and say so in 2026.",
        "End the cramps now, and say so in 2026.",
        "End thecamps now, and say so in 2026.",
    ],
)
def test_respelling_and_punctuation_are_slips(text):
    assert FIRST.why_no_slip(with_demand(text)) == ""
    assert with_demand(text).why_no_slip(FIRST) == ""


def test_removing_a_repeated_word_is_a_slip_but_repeating_a_word_is_not():
    twice = with_demand("End the the camps now, and say so in 2026.")

    assert twice.why_no_slip(FIRST) == ""
    assert "new wording" in FIRST.why_no_slip(twice)


@pytest.mark.parametrize(
    "text",
    [
        "Do not end the camps now, and say so in 2026.",
        "End the camps, and say so in 2026.",
        "Keep the camps now, and say so in 2026.",
        "End the camps now, and say so in 2062.",
        "End the camps now, and say so in 20.26.",
        "End the camps how now, and say so in 2026.",
        "End camps the now, and say so in 2026.",
        "End the camps now, and say so in 2026, if you can.",
        "",
    ],
)
def test_changing_words_or_numbers_makes_a_new_wording(text):
    assert "new wording" in FIRST.why_no_slip(with_demand(text))


def test_adding_removing_or_moving_a_demand_makes_a_new_wording():
    for demands in (DEMANDS[:1], [*DEMANDS, "Act."], DEMANDS[::-1]):
        assert "new wording" in FIRST.why_no_slip(Words.of(STATEMENT, demands))


def test_spacing_line_ends_and_unicode_forms_do_not_matter():
    assert Words.of("Café\r\n\r\nnow", []) == Words.of(" Cafe\u0301\nnow ", [])
    assert Words.of("ab", []) != Words.of("a b", [])


def respelt(number):
    return Words.of(
        " ".join(word + ("x" if place < number else "") for place, word in enumerate(STATEMENT.split())), DEMANDS
    )


def test_corrections_may_change_five_words_and_no_more_than_one_in_ten():
    assert FIRST.why_no_slip(respelt(5)) == ""
    assert "5 of the words" in FIRST.why_no_slip(respelt(6))
    assert Words.of("Stopp them heer", []).why_no_slip(Words.of("Stop them heer", [])) == ""
    assert "1 of the words" in Words.of("Stopp them heer", []).why_no_slip(Words.of("Stop them here", []))


def test_a_text_without_spaces_may_change_by_only_a_few_letters():
    text = "停止对维吾尔人的迫害并释放所有被关押的人"
    assert Words.of(text, []).why_no_slip(Words.of(text.replace("停止", "停滞"), [])) == ""
    assert Words.of(text, []).why_no_slip(Words.of(text[6:], [])) != ""


def test_a_change_is_shown_with_two_words_on_either_side():
    [change] = FIRST.changes_to(with_demand("End the cramps now, and say so in 2026."))

    assert change.in_context() == ("End the camps now, and", "End the cramps now, and")
