"""Brands in the admin."""

import pytest
from django.db import connection
from django.utils import timezone

from actions.businesses.examples import load_examples
from actions.businesses.models import Brand
from campaign.approvals.models import ApprovalRequest
from campaign.joint_publishing.models import kind_choices
from tests.accounts.organisers import begin_session
from tests.actions.factories import BrandFactory
from tests.editing.filled_in import filled_in

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


@pytest.mark.parametrize("field", ["summary", "statement", "title", "share_text"])
def test_two_organisers_publish_whatever_visitors_read_about_a_company(client, ada, grace, brand, field):
    page = f"/admin/businesses/brand/{brand.pk}/change/"
    answers = filled_in(client.get(page), **{field: "They buy from camps."}) | {"_publish": "1"}
    ask = client.post(page, answers, follow=True)
    number = ask.context["number"]
    client.post(f"/admin/businesses/brand/{brand.pk}/publish/", {"number": number, "note": "What they sell"})
    shown = lambda: getattr(Brand.objects.published().get(), field)  # noqa: E731
    assert "camps" not in shown()
    request = ApprovalRequest.objects.get()
    decide = f"/admin/approvals/approvalrequest/{request.pk}/change/"
    client.post(decide, {"approve": "1"})
    assert "camps" not in shown()

    begin_session(client, grace)
    client.post(decide, {"approve": "1"})
    assert "camps" in shown()


def test_a_new_brand_is_published_by_two_organisers_too(client, ada):
    brand = BrandFactory(slug="new", publish=False)
    client.post(f"/admin/businesses/brand/{brand.pk}/publish/", {"number": 1, "note": "New"})

    assert not Brand.objects.published().exists()
    assert ApprovalRequest.objects.get().state == "waiting"


def test_owners_choose_among_other_kinds_of_content_only():
    kinds = dict(kind_choices())
    assert "businesses.calltoaction" in kinds
    assert "businesses.brand" not in kinds
