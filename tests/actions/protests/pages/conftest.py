"""A weekly protest, on the day before its next date."""

import pytest

from tests.actions.factories import ProtestFactory
from tests.actions.protests.pages.reading import NOW
from tests.factories import SiteSettingsFactory


@pytest.fixture
def weekly(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    SiteSettingsFactory(name="A campaign")
    return ProtestFactory(slug="weekly", title="Weekly protest")
