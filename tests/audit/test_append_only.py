"""The audit log's tables refuse every change, even by a superuser, except a redaction agreed by two organisers."""

from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.chain import problems
from campaign.audit.log import record
from campaign.audit.models import AuditEntry, AuditLink
from campaign.audit_admin.redaction import REDACT
from tests.accounts.organisers import make_established
from tests.factories import PledgeFactory

ENTRY, LINK = AuditEntry._meta.db_table, AuditLink._meta.db_table
MERGE = """
MERGE INTO {table} AS kept USING (SELECT 1) AS nothing ON true WHEN MATCHED THEN {action}
"""
# ruff: noqa: S608 - only the names of our own tables are put into statements
CHANGES = {
    "update": f"UPDATE {ENTRY} SET title = 'Another'",
    "update of the time": f"UPDATE {ENTRY} SET at = now()",
    "update that changes nothing": f"UPDATE {ENTRY} SET title = title",
    "delete": f"DELETE FROM {ENTRY}",
    "merge that updates": MERGE.format(table=ENTRY, action="UPDATE SET title = 'Another'"),
    "merge that deletes": MERGE.format(table=ENTRY, action="DELETE"),
    "upsert": f"INSERT INTO {ENTRY} SELECT * FROM {ENTRY} ON CONFLICT (id) DO UPDATE SET title = 'Another'",
    "update of a link": f"UPDATE {LINK} SET hash = digest",
    "delete of a link": f"DELETE FROM {LINK}",
    "merge that updates a link": MERGE.format(table=LINK, action="UPDATE SET digest = previous"),
    "upsert of a link": f"INSERT INTO {LINK} SELECT * FROM {LINK} ON CONFLICT (id) DO UPDATE SET entry = 0",
}


def seal():
    """Add the links that a transaction would otherwise add when it commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def entry(act=Act.ADD, about=None, actor=None):
    record(actor, act, about)
    seal()
    return AuditEntry.objects.first()


def refused(sql, *parameters):
    """Return whether the database refuses a statement with the error "restrict_violation" (23001)."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
    except DatabaseError as error:
        return error.__cause__.pgcode == "23001"
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_superuser_cannot_change_or_delete_an_entry_or_a_link(change, role):
    entry()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"SET LOCAL session_replication_role = {role}")

    assert refused(CHANGES[change])


@pytest.mark.django_db(transaction=True)
def test_the_tables_cannot_be_truncated_outside_test_databases():
    name = f"scratch_{settings.DATABASES['default']['NAME']}"
    owner = {**connection.get_connection_params(), "dbname": name}
    triggers = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'audit_refuse'"
    with connection.cursor() as cursor:
        cursor.execute(triggers)
        (function,) = cursor.fetchone()
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'audit_no_truncate'")
        (trigger,) = cursor.fetchone()
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        owner.pop("cursor_factory", None)
        scratch = psycopg2.connect(**owner)
        with scratch, scratch.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {ENTRY} (id int); {function}; {trigger};")
        with pytest.raises(psycopg2.errors.RestrictViolation), scratch, scratch.cursor() as cursor:
            cursor.execute(f"TRUNCATE {ENTRY}")
        scratch.close()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


@pytest.mark.django_db
def test_only_entries_at_least_six_years_old_can_be_deleted():
    AuditEntry.objects.bulk_create(
        AuditEntry(act="add", at=timezone.now() - timedelta(days=days), digest=b"") for days in (2200, 2180)
    )
    seal()
    call_command("retention", verbosity=0)

    assert AuditEntry.objects.count() == 1
    assert refused(f"DELETE FROM {ENTRY}")


REDACTION = (
    f"UPDATE {ENTRY} SET actor = NULL, actor_name = '', model = '', object_id = '', title = '', detail = '{{}}', "
    "salt = NULL, redacted_at = now(), redaction_reason = 'Court order', redaction_request = %s"
)


@pytest.fixture
def agreed(db):
    """Return a function that makes an approved request to redact the entry with this key, and returns its number."""

    def make(key, **changes):
        ada, grace = make_established("ada"), make_established("grace")
        values = {"state": "agreed", "approved_by": grace, "approved_at": timezone.now()} | changes
        return ApprovalRequest.objects.create(
            kind=REDACT, subject=key, asked_by=ada, about="", reason="Court order", needs_second=False, **values
        ).pk

    return make


def test_a_redaction_in_its_exact_form_is_allowed_once(agreed):
    redacted = entry(about=PledgeFactory(title="Stop it"))
    request = agreed(redacted.pk)

    assert not refused(REDACTION, request)
    assert refused(REDACTION, request)
    redacted.refresh_from_db()
    assert (redacted.title, redacted.model, redacted.redaction_reason) == ("", "", "Court order")
    assert list(problems(timezone.now())) == []


@pytest.mark.parametrize(
    ("instead_of", "say"),
    [
        ("title = ''", "title = 'Another'"),
        ("title = '', ", ""),
        ("detail = '{}'", """detail = '{"count": 1}'"""),
        ("salt = NULL, ", ""),
        ("actor_name = ''", "actor_name = 'grace'"),
        ("redaction_reason = 'Court order'", "redaction_reason = ''"),
        ("salt = NULL", "salt = NULL, at = now()"),
        ("salt = NULL", "salt = NULL, act = 'change'"),
        ("salt = NULL", "salt = NULL, digest = sha256('')"),
        ("salt = NULL", "salt = NULL, id = id + 1"),
        ("redaction_request = %s", "redaction_request = %s + 1"),
    ],
)
def test_a_redaction_in_any_other_form_is_refused(agreed, instead_of, say):
    request = agreed(entry(about=PledgeFactory(title="Stop it")).pk)
    assert instead_of in REDACTION

    assert refused(REDACTION.replace(instead_of, say), request)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "waiting"},
        {"state": "undone"},
        {"approved_at": None},
        {"subject": "0"},
        {"kind": "pledges.withdraw"},
    ],
)
def test_a_redaction_that_nobody_has_approved_is_refused(agreed, changes):
    redacted = entry(about=PledgeFactory(title="Stop it"))
    request = agreed(redacted.pk)
    ApprovalRequest.objects.filter(pk=request).update(**changes)

    assert refused(REDACTION, request)


def test_two_organisers_can_redact_an_entry_but_its_date_reason_and_hash_stay(client, organiser, grace, time_machine):
    redacted = entry(about=PledgeFactory(title="Names somebody"), actor=organiser)
    link = AuditLink.objects.get(entry=redacted.pk)
    response = client.post(f"/admin/audit/auditentry/{redacted.pk}/redact/")
    client.post(response.url, {"ask": "1", "reason": "Court order 17"})
    request = ApprovalRequest.objects.get()
    assert request.state == "waiting"
    assert request.approve(grace, timezone.now())
    act_on_due(timezone.now())
    assert AuditEntry.objects.get(pk=redacted.pk).title == "Names somebody"  # the approval can be undone for a day

    act_on_due(timezone.now() + timedelta(hours=25))
    seal()
    after = AuditEntry.objects.get(pk=redacted.pk)
    assert (after.actor, after.actor_name, after.model, after.object_id, after.title) == (None, "", "", "", "")
    assert (after.at, after.act, after.redaction_reason) == (redacted.at, Act.ADD, "Court order 17")
    assert bytes(after.digest) == bytes(redacted.digest)
    assert bytes(AuditLink.objects.get(entry=redacted.pk).hash) == bytes(link.hash)
    assert list(problems(timezone.now())) == []
    page = client.get("/admin/audit/auditentry/").content.decode()
    assert "redacted" in page
    assert "Names somebody" not in page
