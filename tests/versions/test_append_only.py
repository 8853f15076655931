"""Versions and cancellations can only be added, whatever the database role and the statement."""

from datetime import timedelta
from importlib import import_module

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from campaign.pages.models import Page
from campaign.versions.models import Cancellation, Version
from tests.factories import PageFactory

TABLES = ("versions_version", "versions_cancellation")
CHANGES = (
    "UPDATE {table} SET author = 'somebody else'",
    "UPDATE {table} SET author = author WHERE false",
    "DELETE FROM {table}",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET author = 'somebody else'",
    "MERGE INTO {table} USING {table} AS own ON {table}.id = own.id WHEN MATCHED THEN DELETE",
)


@pytest.fixture
def version(db):
    page = PageFactory()
    version = page.publish(live_at=timezone.now() + timedelta(days=1))
    Cancellation.objects.create(version=version)
    return version


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("table", TABLES)
def test_a_superuser_can_neither_change_nor_delete_a_row(version, table, role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        if cursor.fetchone()[0]:
            cursor.execute(f"SET LOCAL session_replication_role = {role}")
        for change in CHANGES:
            with pytest.raises(DatabaseError, match="Rows can only be added") as refused, transaction.atomic():
                cursor.execute(change.format(table=table))
            assert refused.value.__cause__.pgcode == "23001"  # restrict_violation
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_the_orm_cannot_change_or_delete_a_row(version):
    version.note = "Another"
    for act in (version.save, Version.objects.all().delete, version.cancellation.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_deleting_an_object_keeps_its_versions(version):
    Page.objects.all().delete()

    assert Version.objects.filter(pk=version.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_tables_cannot_be_emptied_except_in_a_database_for_tests():
    """Databases for tests may be emptied, so this test uses one with an ordinary name."""
    triggers = import_module("campaign.versions.migrations.0002_append_only")
    name = f"hub_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            other = psycopg2.connect(**connection.get_connection_params() | {"dbname": name})
            other.autocommit = True
            with other.cursor() as own:
                own.execute(triggers.REFUSE + "CREATE TABLE one ();" + triggers.TRIGGER.format(table="one"))
                with pytest.raises(psycopg2.errors.RestrictViolation, match="Rows can only be added"):
                    own.execute("TRUNCATE one")
            other.close()
        finally:
            cursor.execute(f'DROP DATABASE "{name}"')
