"""Random sequences of actions by three organisers and a company never bypass a step towards a claim.

A sequence must do the same each time it is repeated, or Hypothesis reports "inconsistent data generation". So nothing
in it may depend on an earlier sequence, on the order in which the database returns rows with the same time, or on
random keys.
"""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from actions.businesses.models import Code, Entry
from actions.businesses.models.kinds import CLAIMS
from tests.accounts.organisers import make_organiser
from tests.actions.businesses.fairness.company import Company
from tests.actions.businesses.fairness.witness import REACHED, SHARED, Compiled
from tests.actions.factories import BrandFactory
from tests.sizes import size

SEEDS = range(size(1, 10))
SEQUENCES = size(8, 1000)  # for each seed
STEPS = 6


@pytest.mark.django_db
@pytest.mark.parametrize("number", SEEDS)
def test_no_sequence_of_actions_shows_a_claim_without_two_people_evidence_and_the_reply_window(number):
    BrandFactory(slug="cotton", contact="press@cotton.example", domains="cotton.example")
    SHARED["people"] = [make_organiser(name) for name in ("ada", "grace", "ruth")]
    entries = Entry.objects.all()
    SHARED["claims"] = Compiled(lambda moment: entries.filter(kind__in=CLAIMS).released(moment))
    SHARED["deciding"] = Compiled(entries.deciding)
    SHARED["timeline"] = Compiled(entries.timeline)
    quick = settings(
        max_examples=SEQUENCES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(seed(number)(Company), settings=quick)
    assert size(set(), {*CLAIMS, Code.PASSED}) <= REACHED
