"""The growth of the count: `/pledges/<slug>/over-time/`."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaign.charts import HEIGHT, MAX_POINTS, WIDTH, draw
from pledges.counting.ledger import in_steps
from pledges.models import LedgerLine

START = date(2026, 1, 1)
COUNTS = st.lists(st.integers(0, 10**7), min_size=2, max_size=900)


def add_ledger_lines(pledge, days):
    for number in range(days):
        day, digest = START + timedelta(days=number), f"{number:064}"
        LedgerLine.objects.create(pledge=pledge, day=day, count=1000 + number, previous=digest, hash=digest)


def test_the_chart_comes_with_a_table_of_the_last_thirty_days(client, pledge, django_assert_max_num_queries):
    add_ledger_lines(pledge, 40)
    with django_assert_max_num_queries(4):
        response = client.get(f"{pledge.get_absolute_url()}over-time/")

    page = response.content.decode()
    assert "<polyline" in page
    assert page.count('<th scope="row">') == 30
    assert "9 February 2026" in page
    assert "1,039" in page
    assert "From 1,000 on 1 January 2026 to 1,039 on 9 February 2026." in page
    assert "public" in response.headers["Cache-Control"]
    assert not response.cookies


def test_the_chart_draws_no_growth_on_days_without_a_line():
    first, later = START, START + timedelta(days=20)

    assert in_steps([(first, 10), (later, 30)]) == [(first, 10), (later - timedelta(days=1), 10), (later, 30)]
    assert in_steps([(first, 10), (first + timedelta(days=1), 20)]) == [(first, 10), (first + timedelta(days=1), 20)]
    assert in_steps([]) == []


def test_there_is_no_chart_before_the_second_day(client, pledge):
    page = " ".join(client.get(f"{pledge.get_absolute_url()}over-time/").content.decode().split())
    assert "after the first day that ends with 10 signatures or more" in page
    add_ledger_lines(pledge, 1)
    page = client.get(f"{pledge.get_absolute_url()}over-time/").content.decode()
    assert "<polyline" not in page
    assert "1 January 2026" in page


@given(COUNTS)
def test_every_point_is_inside_the_chart_and_the_last_day_is_included(counts):
    chart = draw([(START + timedelta(days=number), count) for number, count in enumerate(counts)])

    points = [tuple(map(float, point.split(","))) for point in chart.line.split()]
    assert all(0 <= across <= WIDTH and 0 <= down <= HEIGHT for across, down in points)
    assert points[0][0] == 0
    assert points[-1][0] == WIDTH
    assert len(points) <= MAX_POINTS + 1
    assert chart.marks[2][1] >= max(counts[0], counts[-1])


def test_the_top_mark_is_a_round_number():
    assert draw([(START, 0), (START + timedelta(days=1), 1234)]).marks[2][1] == 2000
    assert draw([(START, 0), (START + timedelta(days=1), 0)]).marks[2][1] == 2
