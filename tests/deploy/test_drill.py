"""A restore drill: all is lost but the encrypted backups, the journal of erasures, and the private key in the safe."""

import os
import re
import shutil
import subprocess
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from actions.fundraising.models import Payment
from campaign.privacy import erasures
from pledges.models import Pledge, Signature
from tests.actions.factories import PaymentFactory
from tests.checkouts import HERE
from tests.deploy.clusters import cluster
from tests.factories import SignatureFactory
from tests.tables import contents
from tests.test_backups import run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(not shutil.which("age"), reason="age is not installed."),
]
FORGOTTEN = [line for line in (HERE / "deploy/forgotten").read_text().splitlines() if not line.startswith("#")]
MEMORY = Path("/dev/shm")  # noqa: S108
SEALED = b"age-encryption.org/v1\n"


class Safe:
    """A pair of keys, whose private half the server never sees."""

    def __init__(self):
        made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout  # noqa: S607
        self.private = made.encode()
        self.public = next(line.split()[-1] for line in made.splitlines() if "public key" in line)

    def open(self, path):
        command = ["age", "--decrypt", "--identity", "-", path]
        return subprocess.run(command, input=self.private, capture_output=True, check=True).stdout  # noqa: S603


@pytest.fixture
def safe():
    return Safe()


@pytest.fixture
def pledge(transactional_db):
    call_command("load_campaign")
    return Pledge.objects.get()


def kept():
    """Return all rows but those that no backup may have."""
    return {table: rows for table, rows in contents().items() if table not in FORGOTTEN}


def raised():
    return Payment.objects.aggregate(Sum("net_pence"))["net_pence__sum"]


def now():
    """Return the database's time. Nothing else happens for a second before or after."""
    time.sleep(1.1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        moment: datetime = cursor.fetchone()[0]
    time.sleep(1.1)
    return moment.isoformat()


def encrypted_backup(safe, folder):
    made = run("backup", folder, name=connection.settings_dict["NAME"], BACKUP_RECIPIENT=safe.public)
    assert made.returncode == 0, made.stderr
    return Path(made.stdout.strip())


def test_with_a_public_key_nothing_in_a_backup_can_be_read(safe, pledge, tmp_path):
    SignatureFactory.create_batch(3, pledge=pledge, public=True, public_name="Ruth Levy")
    library, copies = tmp_path / "library", tmp_path / "copies"
    (library / "key").mkdir(parents=True)
    (library / "key/480.webp").write_text("a picture")
    copies.mkdir()
    journal = tmp_path / "erasures.log"
    journal.write_text("a line\n")
    sources = {"MEDIA_STORAGE": str(library), "ERASURE_JOURNAL": str(journal), "BACKUP_RECIPIENT": safe.public}
    for _twice in range(2):
        backup = run("backup", copies, name=connection.settings_dict["NAME"], **sources)
        assert backup.returncode == 0, backup.stderr

    files = [path for path in copies.rglob("*") if path.is_file()]
    assert {path.read_bytes()[: len(SEALED)] for path in files} == {SEALED}
    assert safe.open(copies / "media/key/480.webp.age") == b"a picture"
    assert safe.open(next(copies.glob("*.erasures.age"))) == b"a line\n"
    with pytest.raises(subprocess.CalledProcessError):
        Safe().open(backup.stdout.strip())


def test_a_backup_that_fails_half_way_is_not_taken_for_a_backup(safe, pledge, tmp_path):
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "pg_dump").write_text("#!/bin/sh\necho half\nexit 1\n")
    (broken / "pg_dump").chmod(0o755)
    command = ["bash", HERE / "deploy/backup", tmp_path]
    environment = os.environ | {
        "PATH": f"{broken}:{os.environ['PATH']}",
        "DATABASE_URL": "x",
        "BACKUP_RECIPIENT": safe.public,
    }
    ran = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603

    assert ran.returncode != 0
    assert list(tmp_path.glob("hub-*.age")) == []


def test_everything_lost_comes_back_except_people_who_have_withdrawn(safe, pledge, tmp_path):
    ruth, *_others = SignatureFactory.create_batch(3, pledge=pledge, confirmed=True)
    PaymentFactory.create_batch(2, amount_pence=1000)
    nightly = encrypted_backup(safe, tmp_path)

    with cluster(safe.public) as server:
        server.fill(safe.open(nightly))
        server.run(server.deploy / "base-backup", "--now")
        with server.in_use():
            SignatureFactory.create_batch(2, pledge=pledge, confirmed=True)
            PaymentFactory(amount_pence=500)
            Session.objects.create(session_key="a", session_data="b", expire_date=timezone.now())
            before, moment = kept(), now()
            Signature.objects.get(pk=ruth.pk).withdraw()
            erasures.write_waiting()
            SignatureFactory(pledge=pledge, confirmed=True)
            after = Signature.objects.count()
            server.archive_all()
            Payment.objects.all().delete()
        server.stop()
        files = [path for path in server.archive.rglob("*") if path.is_file() and path.suffix != ".start"]
        assert {path.read_bytes()[: len(SEALED)] for path in files} == {SEALED}

        rewind = server.deploy / "rewind"
        with pytest.raises(AssertionError, match="identity"):
            server.run(rewind, server.archive, moment, input=Safe().private)
        with pytest.raises(AssertionError, match="doesn't go back"):
            server.run(rewind, server.archive, "2020-01-01", input=safe.private)
        with pytest.raises(AssertionError, match="ends before"):
            server.run(rewind, server.archive, "2 hours", input=safe.private)
        at_the_moment = server.run(rewind, server.archive, moment, input=safe.private)
        latest = server.run(rewind, server.archive, "latest", input=safe.private)
        assert list((server.archive / "tmp").iterdir()) == list(MEMORY.glob("rewind.*")) == []

    with cluster(safe.public) as replacement, replacement.in_use():
        replacement.fill(at_the_moment)
        assert kept() == before
        assert all(contents()[table] == [] for table in FORGOTTEN)
        assert raised() == 2500
        assert Signature.objects.get(pk=ruth.pk).state == "confirmed"
        call_command("replay_erasures", settings.ERASURE_JOURNAL)
        assert Signature.objects.get(pk=ruth.pk).state == "withdrawn"
        assert raised() == 2500

        connection.close()
        replacement.run("dropdb", "campaign_hub")
        replacement.fill(latest)
        assert Signature.objects.count() == after


def test_a_lost_piece_of_the_log_is_reported_with_the_last_time_that_can_be_reached(safe):
    with cluster(safe.public) as server:
        server.run("createdb", "-T", "template0", "campaign_hub")
        server.run(server.deploy / "base-backup", "--now")
        pieces = []
        for number in range(3):
            server.run("psql", "-Xqc", f"CREATE TABLE change_{number}()", "campaign_hub")
            time.sleep(1.1)
            pieces.append(server.archive_all())
        piece = pieces[1]
        rewind, whole = server.deploy / "rewind", piece.read_bytes()

        piece.write_bytes(whole[:-1])
        with pytest.raises(AssertionError, match=f"is damaged: {piece.name}") as damaged:
            server.run(rewind, server.archive, "latest", input=safe.private)
        piece.unlink()
        with pytest.raises(AssertionError, match=f"is missing: {piece.name}"):
            server.run(rewind, server.archive, "latest", input=safe.private)
        last = re.search('--to "(.*)"', str(damaged.value))[1]
        dump = server.run(rewind, server.archive, last, input=safe.private)
        assert tables_in(server, dump) == set()
        with pytest.raises(AssertionError, match=re.escape(f'--to "{last}"')):
            server.run(rewind, server.archive, "1 hour", input=safe.private)

        piece.write_bytes(whole)
        dump = server.run(rewind, server.archive, "latest", input=safe.private)
        assert (
            len(re.findall(r"TABLE public (change_\d)", server.run("pg_restore", "--list", input=dump).decode())) == 3
        )
    assert list(MEMORY.glob("rewind.*")) == []


def tables_in(server, dump):
    listed = server.run("pg_restore", "--list", input=dump).decode()
    return set(re.findall(r" TABLE public (\w+) ", listed))


def test_the_archive_forgets_in_time(safe):
    with cluster(safe.public) as server:
        base, log = server.archive / "base", server.archive / "log"
        server.run(server.deploy / "base-backup")
        server.archive_all()
        (first,) = base.glob("*.age")
        server.run(server.deploy / "base-backup")
        assert list(base.glob("*.age")) == [first]  # it is less than a week old

        started = first.with_name(f"{first.name[:16]}.start").stat().st_mtime
        needed = {path.name for path in log.iterdir() if path.stat().st_mtime > started}
        age(8, server.archive)
        server.run(server.deploy / "base-backup")
        assert len(list(base.glob("*.age"))) == 2
        assert needed <= {path.name for path in log.iterdir()}

        age(7, server.archive)
        server.run(server.deploy / "base-backup")
        assert first not in base.iterdir()
        assert not needed & {path.name for path in log.iterdir()}
        assert len(list(base.glob("*.age"))) == 2


def age(days, folder):
    """Make every file in a folder that many days older."""
    for path in folder.rglob("*"):
        if path.is_file():
            then = path.stat().st_mtime - days * 86400
            os.utime(path, (then, then))
