"""The similarity of a letter to its templates."""

from hypothesis import given
from hypothesis import strategies as st

from actions.letters.similarity import similarity


@given(st.text(), st.text())
def test_similarity_is_a_share_and_the_same_both_ways(one, other):
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, other) == similarity(other, one)
    assert similarity(one, one) == 1


def test_similarity_by_example():
    same, other = "a" * 10 + "b" * 40, "c" * 50

    assert similarity(same, other) == 0
    assert similarity(same, same + "x") > 0.9
    assert similarity("  spaces \n do not ", "spaces do not") == 1
