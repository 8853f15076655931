"""Fixtures for tests of the pledge's models."""

from pathlib import Path

import pytest


@pytest.fixture
def journal_path(settings, tmp_path):
    """Keep the journal of erasures in a temporary folder; return its path."""
    settings.ERASURE_JOURNAL = str(tmp_path / "kept" / "erasures.log")
    return Path(settings.ERASURE_JOURNAL)
