"""The command that gives the role that the site runs as its rights. Run it as the owner, after each `migrate`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from campaign.append_only import grants


class Command(BaseCommand):
    """A command that is safe to run twice, and while the site is open: all rights change at once."""

    help = "Let the role that the site runs as read and write rows, and do nothing else to the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", nargs="?", default="campaign_hub")

    @transaction.atomic
    def handle(self, *, role: str, **options: Any) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
            owner, exists = cursor.fetchone()
            if owner == role or not exists:
                raise CommandError(f"The site needs a role called {role} that doesn't own the tables.")
            for statement in grants.statements(role):
                cursor.execute(statement)
        return f"{role} may read and write rows, and do nothing else."
