"""The site does all its work as a role that can change rows, but neither tables nor triggers."""

import html
import re
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client

from campaign.audit.models import AuditEntry
from campaign.mail.outbox import send_waiting
from campaign.pages.models import Page
from campaign.privacy import erasures
from pledges.counting.publishing import publish_counts
from pledges.models import Pledge, Signature
from tests.accounts.organisers import sign_in
from tests.editing.filled_in import filled_in
from tests.pledges.conftest import ANSWERS, post_and_agree

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("deploy")]
APPEND_ONLY = ("audit_auditlink", "businesses_entrylink", "versions_version", "versions_cancellation")
RUN = "from django.db import connection; connection.cursor().execute('{}')"
REDACTABLE = ("audit_auditentry", "businesses_entry")


@pytest.fixture
def site(two_roles, transactional_db):
    with two_roles.in_use():
        call_command("load_campaign")
        yield Client()


def sign_and_confirm(client, mailoutbox, email):
    """Sign the pledge as a public person and confirm by the link; return the signature."""
    answers = ANSWERS | {"visibility": "public", "shown_name": "Ruth", "email": email}
    assert post_and_agree(client, Pledge.objects.get().get_absolute_url(), answers).status_code == 302
    send_waiting()
    link = re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]
    assert client.post(html.unescape(link)).status_code in (200, 302)
    return Signature.objects.get(state="confirmed")


def test_the_site_works_as_a_role_that_owns_nothing(site, mailoutbox):
    signature = sign_and_confirm(site, mailoutbox, "ruth@example.org")
    publish_counts()
    assert Pledge.objects.with_count().get().count == 1

    sign_in(site)
    page = Page.objects.get(slug="contact")
    address = f"/admin/pages/page/{page.pk}/change/"
    answers = filled_in(site.get(address)) | {"title": "How to reach us", "_publish": "1"}
    assert site.post(address, answers).status_code == 302
    assert b"How to reach us" in Client().get("/contact/").content
    assert AuditEntry.objects.filter(object_id=page.pk).exists()

    signature.withdraw()
    erasures.write_waiting()
    assert Path(settings.ERASURE_JOURNAL).read_text()
    call_command("replay_erasures")
    call_command("retention")
    call_command("check_audit_log")


def attempts():
    """Yield each statement that the site's role must not be able to run."""
    for table in (*APPEND_ONLY, *REDACTABLE):
        yield f"TRUNCATE {table} CASCADE"
        yield f"ALTER TABLE {table} ADD COLUMN another integer"
        yield f"ALTER TABLE {table} DISABLE TRIGGER ALL"
        yield f"DROP TABLE {table}"
        yield f"CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change_1()"
        yield f"CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING"
        yield f"UPDATE {table} SET id = id"  # noqa: S608 - one of our own tables
    for table in APPEND_ONLY:
        yield f"DELETE FROM {table}"  # noqa: S608 - one of our own tables
    yield "UPDATE audit_auditentry SET act = 'add'"
    yield "UPDATE businesses_entry SET recorded_at = now()"
    yield "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0999_nothing', now())"
    yield "DELETE FROM django_migrations"
    yield "TRUNCATE pledges_signature CASCADE"
    yield "CREATE TABLE mine (id integer)"
    yield "CREATE TEMPORARY TABLE audit_auditentry (id integer)"
    yield "CREATE OR REPLACE FUNCTION refuse_change_1() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    yield "SET session_replication_role = replica"


def test_the_site_s_role_can_change_neither_tables_nor_triggers_nor_history(two_roles):
    assert [statement for statement in attempts() if not is_refused(two_roles, statement)] == []


def is_refused(two_roles, statement):
    """Return whether the site's role lacks the right to run a statement."""
    other = two_roles.connect()
    try:
        with other.cursor() as cursor:
            cursor.execute(statement)
    except psycopg2.errors.InsufficientPrivilege:
        return True
    finally:
        other.close()
    return False


def test_rows_of_the_log_are_deleted_only_if_a_trigger_agrees(site, two_roles):
    call_command("organiser_sign_in", username="grace")
    with pytest.raises(IntegrityError, match="append-only"):
        AuditEntry.objects.all().delete()


def test_the_table_of_a_later_migration_can_be_used_before_the_grants_run_again(two_roles):
    two_roles.manage("shell", "-v0", "-c", RUN.format("CREATE TABLE later (id serial)"))
    try:
        with two_roles.connect() as site, site.cursor() as cursor:
            cursor.execute("INSERT INTO later DEFAULT VALUES")
        site.close()
    finally:
        two_roles.manage("shell", "-v0", "-c", RUN.format("DROP TABLE later"))
