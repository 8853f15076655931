"""The goal, which rises automatically."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.goals import next_goal
from pledges.models import PublishedCount

COUNTS = st.integers(0, 10**9)
GOALS = st.integers(1, 10**7)


@pytest.mark.parametrize(
    ("count", "goal", "shown"),
    [
        (0, 1000, 1000),
        (999, 1000, 1000),
        (1000, 1000, 2000),
        (1818, 1000, 2000),
        (1819, 1000, 2500),
        (2272, 1000, 2500),
        (2273, 1000, 5000),
        (5000, 1000, 10_000),
        (9091, 1000, 20_000),
        (1500, 1234, 2000),
        (1, 1, 2),
        (2, 1, 5),
        (19, 1, 25),
    ],
)
def test_the_goal_is_the_organisers_until_reached_and_then_the_next_round_number(count, goal, shown):
    assert next_goal(count, goal) == shown


@given(COUNTS, GOALS)
def test_the_goal_is_always_ahead_of_the_count(count, goal):
    assert next_goal(count, goal) > count


@given(COUNTS, COUNTS, GOALS)
def test_the_goal_never_falls_as_the_count_grows(count, more, goal):
    assert next_goal(count, goal) <= next_goal(count + more, goal)


@given(GOALS, COUNTS)
def test_a_later_goal_is_round_and_at_least_a_tenth_ahead_but_not_far(goal, beyond):
    count = goal + beyond
    ahead = next_goal(count, goal)

    assert str(ahead).rstrip("0") in {"1", "2", "25", "5"}
    assert 11 * count <= 10 * ahead <= 25 * count


def test_every_page_and_count_json_show_the_current_goal_and_the_organisers_is_kept(client, pledge):
    pledge.goal, pledge.on_home_page = 10, True
    pledge.save()
    PublishedCount.objects.create(pledge=pledge, count=10)
    path = pledge.get_absolute_url()

    for page in ("/", path, f"{path}areas/", f"{path}over-time/", f"{path}thank-you/"):
        text = client.get(page).content.decode()
        assert "signatures</strong>. Goal: 20" in text
        assert 'value="10"' in text
        assert 'max="20"' in text
    assert client.get(f"{path}count.json").json()["goal"] == 20
    pledge.refresh_from_db()
    assert pledge.goal == 10


def test_the_organisers_goal_is_shown_until_it_is_reached(client, pledge):
    PublishedCount.objects.create(pledge=pledge, count=999)

    assert "signatures</strong>. Goal: 1,000" in client.get(pledge.get_absolute_url()).content.decode()
    assert client.get(f"{pledge.get_absolute_url()}count.json").json()["goal"] == 1000
