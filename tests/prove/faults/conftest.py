"""The campaign that people sign while something fails."""

import pytest
from django.core.management import call_command

from pledges.models import Pledge


@pytest.fixture
def path(transactional_db):
    """Load the campaign; return the address of its pledge."""
    call_command("load_campaign")
    return Pledge.objects.get().get_absolute_url()
