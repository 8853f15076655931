"""The command that partitions: what it asks, what it keeps, and what people see meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from pledges.models import Signature
from pledges.models.signatures.partitions import about, partition
from tests.databases import ONE_TABLE, copy_in_use
from tests.pledges.conftest import ANSWERS
from tests.pledges.partitions.conftest import PARTITIONS
from tests.tables import contents
from tests.test_backups import database_url, run

SHAPE = (
    "SELECT attname, attnotnull, format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid) FROM pg_attribute"
    " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
    " WHERE attrelid = 'pledges_signature'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid = 'pledges_signature'::regclass AND contype IN ('c', 'f') ORDER BY 1",
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'pledges_signature'::regclass"
    " AND NOT tgisinternal AND tgconstraint = 0 ORDER BY 1",
    "SELECT relname, regexp_replace(pg_get_indexdef(indexrelid), '^.*? USING ', '') FROM pg_index"
    " JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = 'pledges_signature'::regclass"
    " AND (NOT indisunique OR relname = 'one_signature_an_address') ORDER BY 1",
    "SELECT obj_description('pledges_signature'::regclass), relacl::text FROM pg_class"
    " WHERE oid = 'pledges_signature'::regclass",
)
UNIQUE = """
SELECT count(*), string_agg(DISTINCT regexp_replace(pg_get_indexdef(indexrelid), '^.*? USING btree ', ''), '; ')
FROM pg_index JOIN pg_partition_tree('pledges_signature') ON relid = indrelid WHERE isleaf AND indisunique
"""

pytestmark = ONE_TABLE


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def shape():
    return [rows(sql) for sql in SHAPE]


def without_partitions(found):
    return {table: lines for table, lines in found.items() if not table.startswith("pledges_signature_")}


@pytest.fixture
def another(undivided):
    """Return a database of its own that isn't partitioned yet."""
    with copy_in_use("more") as name:
        yield name


def test_nothing_happens_without_a_yes(another, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "y")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("partition_signatures", partitions=3, interactive=True)
    with pytest.raises(CommandError, match="between 2 and 256"):
        call_command("partition_signatures", partitions=1, interactive=False)

    assert not about().is_partitioned


def test_rows_columns_constraints_indexes_triggers_and_rights_stay(another):
    rows_before, before = contents(), shape()
    call_command("partition_signatures", partitions=PARTITIONS, interactive=False)

    assert without_partitions(contents()) == rows_before
    assert shape() == before
    unique = "(id); (pledge_id, email_hash); (pledge_id, public_number); (token_hash)"
    assert rows(UNIQUE) == [(4 * PARTITIONS, unique)]
    assert all(lines for table, lines in contents().items() if table.startswith("pledges_signature_"))
    assert rows("SELECT nspname FROM pg_namespace WHERE nspname = 'partitioning'") == []
    assert rows("SELECT proname FROM pg_proc WHERE proname ~ 'partitioning'") == []


def test_a_partitioned_table_is_left_alone_and_django_sees_no_difference(divided):
    with pytest.raises(CommandError, match="partitioned already"):
        call_command("partition_signatures", partitions=3, interactive=False)
    call_command("makemigrations", check=True, dry_run=True)
    call_command("migrate", verbosity=0)


def test_meanwhile_people_read_and_are_asked_to_sign_later(another):
    reached, go_on = threading.Event(), threading.Event()

    def say(step):
        if step == "Copying the rows.":
            reached.set()
            assert go_on.wait(60)

    def work():
        try:
            partition(PARTITIONS, say)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            assert reached.wait(60)
            client = Client(raise_request_exception=False)
            refused = client.post("/pledges/filled/", ANSWERS)
            assert (refused.status_code, "Retry-After" in refused) == (503, True)
            assert client.get("/pledges/filled/").status_code == 200
            assert client.get("/pledges/filled/signatories/").status_code == 200
        finally:
            go_on.set()
        working.result()

    assert client.post("/pledges/filled/", ANSWERS).status_code == 302
    assert Signature.objects.latest("signed_at").name == ANSWERS["name"]
    assert about().is_partitioned


def test_a_run_that_fails_leaves_everything_as_it_was(another):
    rows_before, before = contents(), shape()

    def say(step):
        if step.startswith("Putting"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        partition(PARTITIONS, say)

    assert (contents(), shape()) == (rows_before, before)
    assert Client().post("/pledges/filled/", ANSWERS).status_code == 302


def test_a_transaction_that_holds_the_table_open_delays_the_last_step_only(another):
    finished, steps = threading.Event(), []

    def work():
        try:
            partition(PARTITIONS, steps.append)
            finished.set()
        finally:
            connection.close()

    with psycopg2.connect(database_url(another)) as other, other.cursor() as cursor, ThreadPoolExecutor(1) as pool:
        cursor.execute("SELECT count(*) FROM pledges_signature")
        working = pool.submit(work)
        assert not finished.wait(5)
        assert Client().get("/pledges/filled/signatories/").status_code == 200
        other.rollback()
        working.result()
    other.close()
    assert steps[-1].startswith("Putting")
    assert about().is_partitioned


def test_a_backup_can_be_restored(divided, tmp_path):
    backup = run("backup", tmp_path, name=divided)
    assert backup.returncode == 0, backup.stderr
    here, shape_here = contents(), shape()
    with copy_in_use("restored") as name:
        rows("SELECT 1")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        restored = run("restore", backup.stdout.strip(), name=name)
        assert restored.returncode == 0, restored.stderr
        assert about().is_partitioned
        assert contents()["pledges_signature"] == here["pledges_signature"]
        assert shape() == shape_here
