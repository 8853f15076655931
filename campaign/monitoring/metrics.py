"""What `/metrics` shows, in Prometheus' format. Each app registers its own metrics.

The figures come from the database, so that every web process shows the same. Some of them change when somebody signs
or gets a message. If they moved at once, anybody with the stored metrics could tell when. Such a metric is `stepped`:
it is read once in each quarter of an hour by the clock, and all processes repeat that reading until the next. What it
counts is rounded down to tens, so that a lone person never shows.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.db import Error
from django.utils import timezone
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from campaign.db import is_unavailable

STEP = timedelta(minutes=15)
Sample = tuple[tuple[str, ...], float]  # the values of the labels, and the figure
Read = Callable[[datetime], Iterable[Sample]]


@dataclass(frozen=True)
class Measure:
    """One metric: its name, its meaning, the names of its labels, and the function that reads it."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    read: Read
    stepped: bool
    in_database: bool

    def family(self, samples: Iterable[Sample]) -> Metric:
        """Return the metric with samples, as a counter if its name ends in "_total"."""
        kind = CounterMetricFamily if self.name.endswith("_total") else GaugeMetricFamily
        family = kind(self.name, self.meaning, labels=self.labels)
        for values, figure in samples:
            family.add_metric(values, figure)
        return family


MEASURES: list[Measure] = []


def measures(
    name: str, meaning: str, *labels: str, stepped: bool = False, in_database: bool = True
) -> Callable[[Read], Read]:
    """Register a function that returns the samples of a metric at a time (aware). It should run at most one query.

    A stepped metric gets the end of the last quarter of an hour instead of the present.
    """

    def register(read: Read) -> Read:
        MEASURES.append(Measure(name, meaning, labels, read, stepped, in_database))
        return read

    return register


def last_step(now: datetime) -> datetime:
    """Return the end of the last quarter of an hour before `now` (aware)."""
    return datetime.fromtimestamp(now.timestamp() // STEP.total_seconds() * STEP.total_seconds(), UTC)


def as_text() -> bytes:
    """Return all metrics in Prometheus' text format. Leave out those that need the database while it is unavailable."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Everything())
    return generate_latest(registry)


class Everything(Collector):
    """Every metric that an app has registered."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        yield from (one.family(one.read(now)) for one in MEASURES if not one.in_database)
        try:
            yield from _from_database(now)
        except Error as error:
            if not is_unavailable(error):
                raise


def _from_database(now: datetime) -> Iterator[Metric]:
    end = last_step(now)
    key = f"metrics.{end.timestamp():.0f}"
    kept = cache.get_or_set(key, lambda: _read_stepped(end), 2 * STEP.total_seconds()) or {}
    for one in MEASURES:
        if one.in_database:
            yield one.family(kept.get(one.name, []) if one.stepped else one.read(now))


def _read_stepped(end: datetime) -> dict[str, list[Sample]]:
    return {one.name: list(one.read(end)) for one in MEASURES if one.stepped}
