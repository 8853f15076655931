"""What published counts must not reveal: a count under 10, or that there is none at all."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaign import small_numbers
from campaign.places.areas import publishable
from campaign.places.hexes.drawing import draw
from campaign.places.hexes.layout import shipped
from campaign.places.models import Place
from campaign.small_numbers import MIN_SHOWN, suppress_small
from tests.places.revealing import worked_out
from tests.sizes import size


def place(number, nation, region=""):
    return Place(f"{nation}{number}", f"Place {number}", nation, region)


ENGLAND = [place(number, "E", region) for number, region in enumerate(["North"] * 4 + ["South"] * 3 + ["East"] * 2)]
OTHERS = [place(10 + number, nation) for number, nation in enumerate("SSSSWWN")]
PLACES = ENGLAND + OTHERS
COUNT = st.one_of(st.just(0), st.integers(0, 12), st.integers(10, 60), st.integers(100, 900))
TABLES = st.lists(COUNT, min_size=len(PLACES), max_size=len(PLACES))


@pytest.mark.parametrize("missing", [0, 1, 9])
def test_a_region_that_lacks_one_constituency_does_not_show_that_it_has_few(missing):
    counts = dict.fromkeys(PLACES, 40) | {PLACES[0]: missing}

    hidden = [one for one in PLACES if one not in publishable(counts).constituencies]
    assert len(hidden) == 2
    assert {one.region for one in hidden} == {"North"}


def test_a_nation_without_signatures_is_not_shown_to_have_none():
    counts = dict.fromkeys(ENGLAND, 40) | dict.fromkeys(OTHERS, 0)

    assert not publishable(counts).nations
    assert publishable(counts, total=9 * 40 + 10).nations == {"England": 360}


@settings(max_examples=size(200, 3000))
@given(TABLES, st.integers(0, 30))
@example([40] * 8 + [0] + [40] * 7, 0)
@example([40] * 9 + [30] * 6 + [0], 0)
@example([0, 0, 0, 50] + [50] * 12, 0)
def test_no_hidden_count_can_be_worked_out_or_shown_to_be_small(numbers, elsewhere):
    counts = dict(zip(PLACES, numbers, strict=True))
    total = sum(numbers) + elsewhere
    areas = publishable(counts, total=total)
    found = worked_out(PLACES, areas, total)

    shown = areas.nations | areas.regions | areas.by_name()["constituencies"]
    assert all(number >= MIN_SHOWN for number in shown.values())
    hidden = {name: node for name, node in found.items() if name not in shown}
    revealed = {name: (node.low, node.high) for name, node in hidden.items() if node.high < MIN_SHOWN}
    if total >= MIN_SHOWN:
        assert not revealed
        assert all(node.low < node.high for node in hidden.values())


@given(TABLES)
def test_a_map_and_its_table_show_only_what_may_be_published(numbers):
    areas = publishable(dict(zip(PLACES, numbers, strict=True)))
    drawn = draw(PLACES, areas, shipped())
    rows = {name: count for group in drawn.groups for name, count in group.rows} if drawn else {}
    groups = {group.name: group.count for group in drawn.groups if group.count} if drawn else {}

    assert rows.items() <= areas.by_name()["constituencies"].items()
    assert groups.items() <= (areas.nations | areas.regions).items()


@pytest.mark.parametrize("cells", [2, 3, 4])
def test_somebody_who_knows_the_rule_learns_no_more(monkeypatch, cells):
    """Hide counts under 5 instead of 10, so that every possible table can be tried."""
    monkeypatch.setattr(small_numbers, "MIN_SHOWN", 5)
    possible = defaultdict(lambda: [set() for _cell in range(cells)])
    for table in product(range(12), repeat=cells):
        counts = {str(number): count for number, count in enumerate(table)}
        shown = {name: small_numbers.in_tens(count) for name, count in suppress_small(counts).items()}
        seen = small_numbers.in_tens(sum(table)), tuple(shown.get(name) for name in counts)
        for values, count in zip(possible[seen], table, strict=True):
            values.add(count)

    for (total, published), cell_values in possible.items():
        for number, values in zip(published, cell_values, strict=True):
            if number is None and total >= 5:
                assert len(values) > 1, (total, published)
                assert max(values) >= 5, (total, published)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 60)), st.integers(0, 20))
def test_hidden_counts_add_up_to_ten_or_more_and_are_never_alone(counts, others):
    shown = suppress_small(counts, others)
    hidden = [count for name, count in counts.items() if name not in shown]

    assert all(count >= MIN_SHOWN for count in shown.values())
    assert shown.items() <= counts.items()
    if hidden and shown:
        assert sum(hidden) + others >= MIN_SHOWN
        assert len(hidden) + bool(others) > 1
