"""The base of both state machines, which gives each run an empty database and a clock of its own."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import hypothesis
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.emptying import Emptying

BEGINNING = datetime(2026, 11, 2, 9, 7, tzinfo=UTC)
EXAMPLES, STEPS = 60, 50
empty = Emptying()


class Life(RuleBasedStateMachine):
    """A state machine that starts with an empty database, and whose clock moves on a second before each post.

    `seen` counts what happened in all runs, to show that more than refusals were tested.
    """

    seen = Counter()

    def __init__(self):
        super().__init__()
        empty()
        cache.clear()
        mail.outbox = []
        self.traveller = time_machine.travel(BEGINNING, tick=False)
        self.clock = self.traveller.start()
        self.client = Client()

    def teardown(self):
        self.traveller.stop()

    @property
    def now(self):
        return datetime.now(UTC)

    def wait(self, **time):
        self.clock.shift(timedelta(**time))

    def saw(self, what, is_so=True):
        """Count something that happened; return whether it did."""
        self.seen[what] += bool(is_so)
        return is_so

    def post(self, path, answers=(), client=None, **more):
        """Send a form; return the response, which must not be a server error."""
        self.wait(seconds=1)
        response = (client or self.client).post(path, dict(answers), **more)
        assert response.status_code < 500, path
        return response

    def page(self, path):
        response = self.client.get(path)
        assert response.status_code == 200, path
        return response.content.decode()


class Quiet:
    """A stream that discards what is written to it."""

    def write(self, text):
        pass


def live(machine, seed):
    """Run the machine many times; return a one-line summary. The same seed gives the same runs."""
    machine.seen.clear()
    machine = hypothesis.seed(seed)(machine)
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    settings = hypothesis.settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        phases=[Phase.generate, Phase.shrink],
        database=None,
        suppress_health_check=checks,
    )
    run_state_machine_as_test(machine, settings=settings)
    return ", ".join(f"{what}: {number}" for what, number in sorted(machine.seen.items()))
