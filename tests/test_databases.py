"""A test that uses another database doesn't change what later tests see."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from campaign.pages.models import Page
from tests.databases import connected_to


@pytest.fixture
def renumbered(transactional_db):
    """Create a copy of the database in which the content types have other numbers; return its name."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}_renumbered" TEMPLATE "{name}"')
    with connected_to(NAME=f"{name}_renumbered"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign keys
        cursor.execute("UPDATE django_content_type SET id = id + 1000")
    yield f"{name}_renumbered"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}_renumbered"')


def number_of_pages():
    return ContentType.objects.get_for_model(Page).pk


def test_content_types_are_those_of_the_database_in_use(renumbered):
    number = number_of_pages()
    with connected_to(NAME=renumbered):
        assert number_of_pages() == number + 1000

    assert number_of_pages() == number
