"""The check of new migrations refuses what would break a running site, and lets the others pass."""

import pytest

from tests.migration_linter import BEFORE_LINTING, main, ours, refuses


@pytest.mark.parametrize("name", ["pledges.0025_drop_display", "pledges.0020_index_public_names"])
def test_only_a_migration_that_the_previous_release_cannot_work_with_is_refused(db, name):
    assert refuses(ours()[name]) == (name == "pledges.0025_drop_display")


def test_every_migration_that_is_not_in_the_list_passes(db):
    assert main() == 0


def test_the_list_names_only_migrations_that_exist_and_does_not_grow(db):
    names = BEFORE_LINTING.read_text().split()

    assert [name for name in names if name not in ours()] == []
    assert len(names) <= 204
