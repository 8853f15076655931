"""A database with two roles, as on a server: the owner, which migrates, and the role that the site runs as."""

import os
import subprocess
import sys
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection

from tests.checkouts import HERE
from tests.databases import connected_to
from tests.test_backups import client_programs, database_url

PASSWORD = "for-this-test-only"  # noqa: S105


class TwoRoles:
    """The name of such a database, and the ways to reach it."""

    def __init__(self, name):
        self.name = name
        self.owner, self.site = f"{name}_owner", name

    def url(self, role):
        """Return a DATABASE_URL."""
        server = connection.get_connection_params()
        host, port = server.get("host", ""), server.get("port", 5432)
        place = f"/{host}" if host.startswith("/") else f"{host}:{port}"
        return f"postgres://{role}:{PASSWORD}@{place}/{self.name}"

    def create(self):
        """Run deploy/database.sql as the server's superuser, with our names."""
        script = (HERE / "deploy" / "database.sql").read_text()
        script = script.replace("campaign_hub_owner", self.owner).replace("campaign_hub", self.name)
        command = [client_programs() / "psql", "-X", "-q", "-d", database_url("postgres")]
        passwords = os.environ | {"OWNER_PASSWORD": PASSWORD, "SITE_PASSWORD": PASSWORD}
        ran = subprocess.run(command, env=passwords, input=script, capture_output=True, text=True, check=False)  # noqa: S603
        assert ran.returncode == 0, ran.stderr

    def manage(self, *arguments):
        """Run a command as the owner; return its output."""
        environment = os.environ | {"DATABASE_URL": self.url(self.owner), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        command = [sys.executable, "manage.py", *arguments]
        ran = subprocess.run(command, env=environment, cwd=HERE, capture_output=True, text=True, check=False)  # noqa: S603
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    @contextmanager
    def in_use(self):
        """Let this process use the database as the site does; afterwards, return to its own database."""
        with connected_to(NAME=self.name, USER=self.site, PASSWORD=PASSWORD):
            yield self

    def connect(self):
        """Return a connection of psycopg2 as the site's role."""
        parameters = connection.get_connection_params()
        wanted = {key: parameters[key] for key in ("host", "port") if parameters.get(key)}
        return psycopg2.connect(**wanted, dbname=self.name, user=self.site, password=PASSWORD)


@pytest.fixture(scope="session")
def two_roles(django_db_setup, django_db_blocker):
    """Return a migrated TwoRoles. Its name doesn't begin with test_, where the triggers would allow TRUNCATE."""
    with django_db_blocker.unblock():
        made = TwoRoles(f"roles_of_{connection.settings_dict['NAME']}")
        with connection.cursor() as cursor:
            drop(cursor, made)
        made.create()
        made.manage("migrate", "--noinput", "-v0")
        made.manage("grant_site_role", made.site)
        if count := os.environ.get("PARTITIONS"):
            made.manage("partition_signatures", f"--partitions={count}", "--noinput")
    yield made
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        drop(cursor, made)


def drop(cursor, made):
    cursor.execute(f"DROP DATABASE IF EXISTS {made.name} WITH (FORCE)")
    for role in (made.owner, made.site):
        cursor.execute(f"DROP ROLE IF EXISTS {role}")
