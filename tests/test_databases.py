"""A test that uses another database doesn't change what later tests see."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from campaign.pages.models import Page
from tests.databases import copy_in_use


def number_of_pages():
    return ContentType.objects.get_for_model(Page).pk


@pytest.mark.django_db(transaction=True)
def test_content_types_are_those_of_the_database_in_use():
    number = number_of_pages()
    with copy_in_use("renumbered"):
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # no foreign keys
            cursor.execute("UPDATE django_content_type SET id = id + 1000")
        ContentType.objects.clear_cache()
        assert number_of_pages() == number + 1000

    assert number_of_pages() == number
