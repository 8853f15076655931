"""Brands in the admin."""

import pytest
from django.db import connection
from django.utils import timezone

from actions.businesses.examples import load_examples
from actions.businesses.models import Brand
from tests.actions.factories import BrandFactory

pytestmark = pytest.mark.django_db


def test_a_brand_with_a_ledger_cannot_be_deleted_but_a_draft_can(client, ada, brand):
    draft = BrandFactory(slug="draft", publish=False)
    assert client.post(f"/admin/businesses/brand/{brand.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"/admin/businesses/brand/{draft.pk}/delete/", {"post": "yes"})

    assert [one.slug for one in Brand.objects.all()] == ["cotton"]


def test_the_contact_address_is_encrypted_and_in_no_version(ada, brand):
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM businesses_brand")
        assert b"cotton" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT content::text FROM versions_version")
        assert "press@" not in "".join(row[0] for row in cursor.fetchall())


def test_an_organiser_removes_the_examples_with_one_button(client, ada, brand):
    load_examples(timezone.now())
    assert "Remove all examples" in client.get("/admin/businesses/brand/").content.decode()
    client.post("/admin/businesses/brand/remove-examples/")

    assert [one.slug for one in Brand.objects.all()] == ["cotton"]
    assert "Remove all examples" not in client.get("/admin/businesses/brand/").content.decode()
