"""Fixtures for tests of a pledge's wordings."""

import pytest

from campaign.versions.problems import NotReadyError
from pledges.models import Demand


@pytest.fixture
def reword():
    """Return a function that changes the words of a saved draft: its statement, its first demand, or both."""

    def change(pledge, statement="", demand=""):
        if statement:
            pledge.statement = statement
            pledge.save()
        if demand:
            first = Demand.objects.filter(pledge=pledge).first()
            first.text = demand
            first.save()

    return change


@pytest.fixture
def refused():
    """Return a function that calls a publishing method, expects a refusal, and returns its only problem."""

    def problem_of(publish, *args, **kwargs):
        with pytest.raises(NotReadyError) as refusal:
            publish(*args, **kwargs)
        [problem] = refusal.value.problems
        return problem

    return problem_of
