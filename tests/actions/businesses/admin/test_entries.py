"""Ledger entries in the admin: adding, checking, correcting and redacting them."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.businesses.approvals import REDACT
from actions.businesses.models import Basis, Code, Entry, Kind
from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.audit.models import AuditEntry
from tests.accounts.organisers import begin_session
from tests.actions.businesses.admin.entries import fields, newest
from tests.actions.businesses.ledger import add, check
from tests.factories import make_document

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def test_the_brands_page_links_to_a_form_for_each_kind_of_entry(client, ada, brand):
    page = client.get(f"/admin/businesses/brand/{brand.pk}/change/").content.decode()
    assert "No public commitment found as of" in page
    assert f"/admin/businesses/brand/{brand.pk}/entries/" in page
    kinds = client.get(f"/admin/businesses/brand/{brand.pk}/entries/").content.decode()
    for kind in ("letter", "reply", "commitment", "broken"):
        assert f"/entries/{kind}/" in kinds
        form = client.get(f"/admin/businesses/brand/{brand.pk}/entries/{kind}/").content.decode()
        assert ('name="level"' in form) == (kind == "commitment")
    for wrong in ("listing", "check", "publication", "nonsense"):
        assert client.get(f"/admin/businesses/brand/{brand.pk}/entries/{wrong}/").status_code == 404


def test_an_entry_is_added_checked_by_somebody_else_and_then_public(client, ada, grace, brand):
    answers = fields(level="partial", basis="verified", quotation="We will.")
    response = client.post(f"/admin/businesses/brand/{brand.pk}/entries/commitment/", answers)
    entry = newest()
    assert response.url == f"/admin/businesses/entry/{entry.pk}/change/"
    assert (entry.entered_name, entry.quotation, entry.basis) == ("ada", "We will.", Basis.VERIFIED)
    assert "I have checked this" not in client.get(response.url).content.decode()
    assert client.post(f"/admin/businesses/entry/{entry.pk}/check/").status_code == 403

    begin_session(client, grace)
    assert "I have checked this" in client.get(response.url).content.decode()
    client.post(f"/admin/businesses/entry/{entry.pk}/check/")
    assert brand.status_at(timezone.now()).code == Code.PARTIAL
    assert "visitors see this" in client.get(f"/admin/businesses/brand/{brand.pk}/change/").content.decode()
    assert list(AuditEntry.objects.order_by("-pk").values_list("act", "actor_name")[:2]) == [
        ("check", "grace"),
        ("add", "ada"),
    ]


@pytest.mark.parametrize(
    ("kind", "changes", "says"),
    [
        ("declined", {"evidence_url": "", "quotation": "No."}, "you could not prove this"),
        ("reply", {"evidence_url": ""}, "visitors must be able to check this"),
        ("letter", {"happened_on": "2099-01-01"}, "This day is in the future."),
        ("letter", {"happened_on": "yesterday"}, "Enter a valid date."),
        ("commitment", {"level": "nonsense"}, "Select a valid choice."),
        ("reply", {"evidence_url": "http://example.org/a/b"}, "Enter a valid URL."),
        ("reply", {"quotation": "\0"}, "Null characters are not allowed."),
        ("letter", {"evidence_url": ""}, "visitors read what you write"),
        ("meeting", {"evidence_url": ""}, "visitors read what you write"),
    ],
)
def test_bad_input_gets_an_error_and_nothing_is_added(client, ada, brand, kind, changes, says):
    response = client.post(f"/admin/businesses/brand/{brand.pk}/entries/{kind}/", fields(**{"level": "full"} | changes))

    assert response.status_code == 200
    assert says in response.content.decode()
    assert not Entry.objects.exclude(kind=Kind.LISTING).exists()


def test_a_file_is_stored_in_the_media_library_and_its_hash_in_the_entry(client, ada, brand):
    upload = SimpleUploadedFile("Letter from Mrs Smith.pdf", PDF, "application/pdf")
    client.post(f"/admin/businesses/brand/{brand.pk}/entries/reply/", fields(evidence_url="", upload=upload))
    entry = newest()

    assert entry.document_hash == sha256(PDF).hexdigest()
    assert entry.document.sha256() == entry.document_hash
    assert entry.document.kind == "pdf"
    page = client.get(f"/admin/media/document/{entry.document_id}/change/").content.decode()
    assert "Evidence about Cotton" in page

    program = SimpleUploadedFile("letter.pdf", b"MZ program", "application/pdf")
    response = client.post(
        f"/admin/businesses/brand/{brand.pk}/entries/reply/", fields(evidence_url="", upload=program)
    )
    assert "This is a program" in response.content.decode()


def test_a_correction_names_the_entry_and_its_form_starts_with_the_same_words(client, ada, grace, brand):
    wrong = add(brand, Kind.COMMITMENT, ada, grace, level="partial", note="Half of it.")
    form = client.get(f"/admin/businesses/entry/{wrong.pk}/correct/").content.decode()
    assert "Half of it." in form
    client.post(f"/admin/businesses/entry/{wrong.pk}/correct/", fields(level="full", note="All of it."))
    corrected = newest()
    assert (corrected.corrects, corrected.level) == (wrong, "full")
    assert brand.status_at(timezone.now()).code == Code.PARTIAL  # until another organiser has checked the correction

    check(corrected, grace)
    assert brand.status_at(timezone.now()).code == Code.FULL
    assert client.post(f"/admin/businesses/entry/{wrong.pk}/correct/", fields()).status_code == 403


def test_a_lower_commitment_replaces_a_public_one_only_after_its_retraction(client, ada, grace, brand):
    early = add(brand, Kind.COMMITMENT, grace, level="none")  # recorded before the higher one was public
    promise = add(brand, Kind.COMMITMENT, ada, grace)
    for url in (f"brand/{brand.pk}/entries/commitment/", f"entry/{promise.pk}/correct/"):
        answer = client.post(f"/admin/businesses/{url}", fields(level="talks"))
        assert "This is lower than the commitment that visitors see now" in answer.content.decode()
    page = client.post(f"/admin/businesses/entry/{early.pk}/check/", follow=True).content.decode()
    assert "This is lower than the commitment that visitors see now" in page
    assert brand.status_at(timezone.now()).code == Code.FULL

    check(brand.record(Kind.RETRACTION, ada, corrects=promise, note="We misread it."), grace)
    client.post(f"/admin/businesses/entry/{early.pk}/check/")
    assert early.steps.filter(kind=Kind.CHECK).exists()
    assert brand.status_at(timezone.now()).code == Code.NONE


@pytest.mark.parametrize("is_used", [False, True])
def test_a_redaction_withdraws_the_file_unless_something_else_uses_it(client, ada, grace, brand, is_used):
    document = make_document(title="Letter of Mrs Smith")
    entry = add(brand, Kind.REPLY, ada, grace, document=document)
    if is_used:
        add(brand, Kind.LETTER, ada, grace, document=document)
    request = ApprovalRequest.draft(REDACT, ada, about="about", subject=entry.pk)
    page = client.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    assert ("Letter of Mrs Smith” is kept" in page) == is_used
    assert ("Also withdrawn: “Letter of Mrs Smith”" in page) != is_used
    request.submit(1, "It names somebody", timezone.now())
    request.approve(grace, timezone.now())
    act_on_due(timezone.now() + timedelta(hours=25))

    entry.refresh_from_db()
    document.refresh_from_db()
    assert entry.redacted_at
    assert (document.withdrawn_at is None) == is_used
    assert (client.get(document.download_url).status_code == 200) == is_used
