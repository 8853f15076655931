"""A database for each worker of a test run: a copy of one that is migrated once.

To migrate takes half a minute of a processor, and to copy a fraction of a second. `pytest-django` alone would migrate
the database of every worker. With `PARTITIONS=4`, the table of signatures has four partitions in each.
"""

import fcntl
import gc
import os
from contextlib import contextmanager, suppress

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from campaign.devserver.localkeys import VAR


@contextmanager
def copied(run, worker):
    """Connect to this worker's copy inside a `with` block. The first worker of the run migrates, the last tidies up."""
    creation, name, original = (
        connection.creation,
        connection.settings_dict["NAME"],
        settings.DATABASES["default"]["TEST"]["NAME"],
    )
    migrated_by = VAR / f"{original}.migrated"
    with open(VAR / f"{original}.users", "w") as users:
        with lock(original):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not migrated_by.exists() or migrated_by.read_text() != run:
                creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
                divide()
                migrated_by.write_text(run)
            connection.settings_dict["NAME"] = original
            creation.clone_test_db(worker, verbosity=0)
            creation.setup_worker_connection(worker)
        yield
        creation.destroy_test_db(verbosity=0)
        with lock(original), suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            migrated_by.unlink()
            connection.settings_dict["NAME"] = original
            creation.destroy_test_db(name, verbosity=0)


@contextmanager
def connected_to(**another):
    """Let this process use another database, given by its settings; afterwards, return to its own.

    Django keeps content types in memory. Their numbers differ between databases, so they are forgotten each time.
    """
    before = {key: connection.settings_dict[key] for key in another}
    try:
        _connect(another)
        yield
    finally:
        _connect(before)


def _connect(place):
    connection.close()
    connection.settings_dict.update(place)
    ContentType.objects.clear_cache()


@contextmanager
def lock(name):
    """Let one worker at a time migrate, copy or remove the database with this name."""
    with open(VAR / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def copy_in_use(suffix):
    """Use a copy of this worker's database inside a `with` block, and drop it afterwards. Unblock databases first."""
    original = connection.settings_dict["NAME"]
    name = f"{original}_{suffix}"
    gc.collect()  # connections of finished threads: an open one prevents the copy
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    try:
        with connected_to(NAME=name):
            yield name
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


ONE_TABLE = pytest.mark.skipif("PARTITIONS" in os.environ, reason="PARTITIONS has divided the table it is about.")


def divide():
    """Partition the table of signatures, if PARTITIONS says into how many."""
    if count := os.environ.get("PARTITIONS"):
        call_command("partition_signatures", partitions=int(count), interactive=False)
