"""Bars that compare counts."""

from campaign.charts import BAR_WIDTH, bars


def test_the_largest_count_fills_the_width_and_the_others_are_in_proportion():
    assert [bar.length for bar in bars([("Learn", 40), ("Write", 10), ("Visit", 0)])] == [BAR_WIDTH, BAR_WIDTH / 4, 0]


def test_a_given_whole_sets_the_scale_and_no_bar_is_longer():
    assert [bar.length for bar in bars([("Learn", 40), ("Write", 300)], whole=200)] == [BAR_WIDTH / 5, BAR_WIDTH]


def test_without_counts_there_are_no_bars_and_zeros_have_empty_bars():
    assert bars([]) == []
    assert [bar.length for bar in bars([("Learn", 0)])] == [0]
