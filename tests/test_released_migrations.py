"""Released migrations never change, because a site that has applied one would miss the change."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.released_migrations import freeze, problems, released


def test_every_migration_is_as_it_was_released():
    assert problems() == []


@pytest.fixture
def checkout(tmp_path):
    """Create a checkout with one released migration; return its folder."""
    folder = tmp_path / "campaign" / "pages" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_initial.py").write_text("operations = []\n")
    freeze(tmp_path, tmp_path / "released.txt")
    return tmp_path


def found(checkout):
    return problems(checkout, checkout / "released.txt")


def test_a_changed_migration_is_reported_and_cannot_be_frozen_again(checkout):
    (checkout / "campaign/pages/migrations/0001_initial.py").write_text("operations = [1]\n")
    assert freeze(checkout, checkout / "released.txt") == []

    (problem,) = found(checkout)
    assert "campaign/pages/migrations/0001_initial.py has changed since its release" in problem
    assert "write a new migration" in problem


def test_a_migration_that_was_removed_or_renamed_is_reported(checkout):
    folder = checkout / "campaign/pages/migrations"
    (folder / "0001_initial.py").rename(folder / "0001_start.py")

    assert [problem.split()[0].rpartition("/")[2] for problem in found(checkout)] == [
        "0001_initial.py",
        "0001_start.py",
    ]


def test_a_new_migration_is_reported_until_it_is_frozen(checkout):
    before = released(checkout / "released.txt")
    (checkout / "actions/letters/migrations").mkdir(parents=True)
    (checkout / "actions/letters/migrations/0001_initial.py").write_text("operations = []\n")

    assert "make freeze-migrations" in found(checkout)[0]
    assert freeze(checkout, checkout / "released.txt") == ["actions/letters/migrations/0001_initial.py"]
    assert found(checkout) == []
    assert before.items() <= released(checkout / "released.txt").items()


@pytest.mark.django_db(transaction=True)
def test_a_migration_outside_a_transaction_can_be_run_again_after_being_killed():
    loader = MigrationLoader(connection)
    outside = [key for key, migration in loader.disk_migrations.items() if is_ours(migration) and not migration.atomic]
    assert len(outside) >= 3

    for key in outside:  # as if each had been killed before being recorded
        migration, state = loader.disk_migrations[key], loader.project_state(key, at_end=False)
        with connection.schema_editor(atomic=False) as editor:
            migration.apply(state, editor)


def is_ours(migration):
    return apps.get_app_config(migration.app_label).name.startswith(("campaign", "pledges", "actions"))
