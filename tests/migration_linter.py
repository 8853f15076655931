"""Refuses new migrations that would lock a table, or that the previous release couldn't work with (`make lint`).

django-migration-linter reads the SQL of each migration. Those in `data/migrations_before_linting.txt` are older than
this check: sites have applied them, so they can't change. The list doesn't grow.
"""

import sys

import django
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from tests.checkouts import HERE
from tests.released_migrations import APPS

BEFORE_LINTING = HERE / "tests" / "data" / "migrations_before_linting.txt"

NAMING = "RUNPYTHON_MODEL_VARIABLE_NAME"  # a matter of taste


def ours():
    """Return our own migrations by their names, such as "pledges.0001_initial"."""
    found = MigrationLoader(None).disk_migrations.values()
    return {f"{one.app_label}.{one.name}": one for one in found if type(one).__module__.split(".")[0] in APPS}


def refuses(migration):
    """Return whether a migration is refused; if so, print why. A warning is enough to refuse it."""
    linter = MigrationLinter(no_cache=True, all_warnings_as_errors=True, exclude_migration_tests=[NAMING], quiet=["ok"])
    linter.lint_migration(migration)
    return linter.has_errors


def main():
    """Check every migration that isn't in the list; return the exit status."""
    old = set(BEFORE_LINTING.read_text().split())
    refused = [name for name, migration in sorted(ours().items()) if name not in old and refuses(migration)]
    return 1 if refused else 0


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
