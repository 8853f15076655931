"""The backups of `deploy/`, which can be restored."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection

from campaign.devserver import localdb
from campaign.privacy.models import DailyKey
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge
from tests.checkouts import HERE
from tests.factories import SignatureFactory
from tests.tables import contents

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("deploy")]


@pytest.fixture
def pledge(transactional_db):
    call_command("load_campaign")
    return Pledge.objects.get()


@pytest.fixture
def empty_database():
    """Create a second, empty database; yield its name, and drop it afterwards."""
    name = f"{connection.settings_dict['NAME']}_restored"
    drop = f'DROP DATABASE IF EXISTS "{name}"'
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(drop)


def database_url(name):
    """Return the DATABASE_URL of a database on the tests' server, as libpq reads it."""
    parameters = connection.get_connection_params() | {"dbname": name}
    keys = ("host", "port", "user", "password", "dbname")
    return "postgresql://?" + "&".join(
        f"{key}={quote(str(parameters[key]), safe='')}" for key in keys if parameters.get(key)
    )


def client_programs():
    """Return the folder of pg_dump and pg_restore: Debian's for the server's version, else the embedded server's.

    An older server may not read what newer ones write: "unrecognized configuration parameter transaction_timeout".
    """
    debian = Path(f"/usr/lib/postgresql/{connection.pg_version // 10_000}/bin")
    return debian if debian.exists() else Path(find_spec(localdb.WHEEL).origin).parent.parent / localdb.SERVER / "bin"


def run(program, *arguments, name, **environment):
    """Run a program from deploy/ on a database."""
    path = f"{client_programs()}:{os.environ['PATH']}"
    return subprocess.run(  # noqa: S603 - our own commands
        [HERE / "deploy" / program, *arguments],
        env=os.environ | {"PATH": path, "DATABASE_URL": database_url(name)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_backup_restores_everything_except_data_that_must_be_forgotten(pledge, empty_database, tmp_path):
    SignatureFactory.create_batch(3, pledge=pledge, public=True)
    DailyKey.of("2026-11-23")
    publish_counts()
    old = tmp_path / "hub-20200101T000000Z.dump"
    old.touch()
    os.utime(old, (0, 0))
    backup = run("backup", tmp_path, name=connection.settings_dict["NAME"])
    (copy,) = tmp_path.glob("hub-*")
    assert backup.stdout.strip() == str(copy), backup.stderr
    assert copy.stat().st_mode & 0o077 == 0

    restored = run("restore", copy, name=empty_database)
    assert restored.returncode == 0, restored.stderr
    before = contents()
    with psycopg2.connect(database_url(empty_database)) as other, other.cursor() as cursor:
        after = contents(cursor)
    other.close()
    assert before["privacy_dailykey"]
    for excluded in ("privacy_dailykey", "django_session", "shared_cache", "protests_attendee", "mail_ratelimit", "mailings_delivery"):
        del before[excluded]
        assert after.pop(excluded) == []
    assert after == before
    assert run("restore", copy, name=empty_database).returncode != 0


def test_the_journal_of_erasures_is_backed_up_with_the_database(pledge, tmp_path):
    journal = tmp_path / "erasures.log"
    old = tmp_path / "hub-20200101T000000Z.erasures"
    for path in (journal, old):
        path.write_text("a line\n")
    os.utime(old, (0, 0))

    backup = run("backup", tmp_path, name=connection.settings_dict["NAME"], ERASURE_JOURNAL=str(journal))
    assert backup.returncode == 0, backup.stderr
    (copy,) = tmp_path.glob("hub-*.erasures")
    assert copy.read_text() == "a line\n"
    assert copy.stat().st_mode & 0o077 == 0
    assert copy.stem == Path(backup.stdout.strip()).stem


def test_the_media_library_is_backed_up_once_and_restored(pledge, empty_database, tmp_path):
    library, copies = tmp_path / "library", tmp_path / "copies"
    kept, deleted = "key one/480.webp", "key-two/מכתב.txt"
    for name in (kept, deleted):
        (library / name).parent.mkdir(parents=True)
        (library / name).write_text(name)
    copies.mkdir()
    database = {"name": connection.settings_dict["NAME"], "MEDIA_STORAGE": str(library)}
    assert run("backup", copies, **database).returncode == 0

    (library / deleted).unlink()
    os.utime(copies / "media" / kept, (0, 0))
    os.utime(copies / "media" / deleted, (0, 0))
    backup = run("backup", copies, **database)
    assert backup.returncode == 0, backup.stderr
    assert [path.name for path in copies.rglob("*.webp")] == ["480.webp"]
    assert not (copies / "media" / deleted).parent.exists()
    assert (copies / "media" / kept).stat().st_mode & 0o077 == 0

    (library / kept).unlink()
    restored = run("restore", backup.stdout.strip(), name=empty_database, MEDIA_STORAGE=str(library))
    assert restored.returncode == 0, restored.stderr
    assert (library / kept).read_text() == kept
