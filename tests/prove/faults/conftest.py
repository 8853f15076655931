"""The campaign that people sign while something fails."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from pledges.models import Pledge


@pytest.fixture
def path(transactional_db):
    """Load the campaign as it was published two hours ago; return the address of its pledge."""
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        call_command("load_campaign")
    return Pledge.objects.get().get_absolute_url()
