"""What differs between two texts, word by word."""

from campaign.editing.comparing import MAX_WORDS, words


def kinds(pieces):
    return [(piece.kind, piece.text) for piece in pieces]


def test_words_are_compared_one_by_one():
    assert kinds(words("Why we act", "Why they act")) == [
        ("same", "Why "),
        ("deleted", "we"),
        ("inserted", "they"),
        ("same", " act"),
    ]


def test_a_change_near_the_end_of_a_very_long_text_is_shown():
    long = "word " * MAX_WORDS
    changed = kinds(words(f"{long}old end", f"{long}new end"))

    assert [kind for kind, _text in changed] == ["same", "deleted", "inserted"]
    assert changed[1][1].endswith("old end")
    assert changed[2][1].endswith("new end")
    assert [kind for kind, _text in kinds(words(f"{long}end", f"{long}end"))] == ["same"]
