"""A fixture for the fault tests: the campaign that people sign."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from pledges.models import Pledge


@pytest.fixture
def path(transactional_db):
    """Load the campaign and return the path of its pledge.

    It was published two hours ago, so that it stays published if a clock goes back by one.
    """
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        call_command("load_campaign")
    return Pledge.objects.get().get_absolute_url()
