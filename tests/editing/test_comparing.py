"""Texts compared word by word."""

from hypothesis import given
from hypothesis import strategies as st

from campaign.editing.comparing import MAX_WORDS, words


def texts(pieces):
    """Return both texts, put back together from the pieces."""
    return tuple("".join(piece.text for piece in pieces if piece.kind != other) for other in ("inserted", "deleted"))


@given(
    st.lists(st.sampled_from(["we", "act", "now", " ", "\n"])), st.lists(st.sampled_from(["we", "act", "stop", " "]))
)
def test_the_pieces_make_up_both_texts(old, new):
    pair = ("".join(old), "".join(new))

    assert texts(words(*pair)) == pair


def test_only_differences_are_marked():
    pieces = [(piece.kind, piece.text) for piece in words("We ask you to stop.", "We ask them to stop now.")]

    assert ("deleted", "you") in pieces
    assert ("inserted", "them") in pieces
    assert ("same", "We ask ") in pieces


def test_a_change_at_the_end_of_a_long_text_is_found():
    long = "Never again. " * MAX_WORDS
    pieces = words(f"{long}Old.", f"{long}New.")

    assert [piece.text for piece in pieces if piece.kind != "same"] == ["Old.", "New."]


def test_two_long_texts_with_nothing_in_common_are_shown_one_after_the_other():
    old, new = "one " * MAX_WORDS, "two " * MAX_WORDS

    assert [(piece.kind, piece.text) for piece in words(old, new)] == [
        ("deleted", old[:-1]),
        ("inserted", new[:-1]),
        ("same", " "),
    ]
