"""Each entry is chained to the previous one, in commit order, and any change is detected."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from campaign.audit.acts import Act
from campaign.audit.chain import newest_link, problems
from campaign.audit.log import record
from campaign.audit.models import AuditEntry, AuditLink

THREADS, EACH = 8, 5
UNGUARD = "ALTER TABLE {table} DISABLE TRIGGER USER; {sql}; ALTER TABLE {table} ENABLE TRIGGER USER"


def tamper(sql, table=AuditEntry._meta.db_table):
    """Change a table with its triggers switched off, as somebody in control of the whole server could."""
    with connection.cursor() as cursor:
        cursor.execute(UNGUARD.format(table=table, sql=sql.format(table=table)))


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_do_not_fork_the_chain():
    together = threading.Barrier(THREADS)

    def write():
        together.wait()
        for _number in range(EACH):
            with transaction.atomic():
                record(None, Act.ADD)
                record(None, Act.CHANGE)
        connection.close()

    threads = [threading.Thread(target=write) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert AuditLink.objects.count() == THREADS * EACH * 2
    assert list(problems(timezone.now())) == []


@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_does_not_stop_others_from_writing():
    with transaction.atomic():
        record(None, Act.ADD)
        other = threading.Thread(target=lambda: (record(None, Act.CHANGE), connection.close()), daemon=True)
        other.start()
        other.join(timeout=10)
        assert not other.is_alive()

    assert [AuditEntry.objects.get(pk=link.entry).act for link in AuditLink.objects.all()] == ["change", "add"]
    assert list(problems(timezone.now())) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE {table} SET act = 'delete' WHERE id = (SELECT min(id) FROM {table})", "has been changed"),
        ("UPDATE {table} SET at = at + interval '1 second' WHERE id = (SELECT min(id) FROM {table})", "differs from"),
        ("DELETE FROM {table} WHERE id = (SELECT min(id) FROM {table})", "is missing"),
    ],
)
def test_a_change_made_with_the_triggers_switched_off_is_detected(sql, problem):
    for act in (Act.ADD, Act.CHANGE):
        record(None, act)
    assert list(problems(timezone.now())) == []
    tamper(sql)

    assert any(problem in found for found in problems(timezone.now()))
    with pytest.raises(CommandError, match=problem):
        call_command("check_audit_log")


@pytest.mark.django_db(transaction=True)
def test_a_removed_link_or_a_missing_noted_hash_is_detected():
    for act in (Act.ADD, Act.CHANGE, Act.DELETE):
        record(None, act)
    noted, out = bytes(newest_link().hash).hex(), StringIO()
    call_command("check_audit_log", hash=noted, stdout=out)
    assert noted in out.getvalue()
    for wrong in ("00" * 32, "not a hash"):
        with pytest.raises(CommandError, match="No chain contains this hash"):
            call_command("check_audit_log", hash=wrong)

    tamper("DELETE FROM {table} WHERE id = (SELECT min(id) + 1 FROM {table})", AuditLink._meta.db_table)
    found = list(problems(timezone.now()))
    assert any("The chain is broken" in problem for problem in found)
    assert any("is not in the chain" in problem for problem in found)
