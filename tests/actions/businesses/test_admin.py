"""The brands' ledger in the admin, from an entry to a published claim."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from actions.businesses.approvals import PUBLISH, REDACT
from actions.businesses.examples import load_examples
from actions.businesses.models import Basis, Brand, Code, CompanyReply, Entry, Kind, Notice
from actions.businesses.models.fairness import may_get_deadline, why_not_yet
from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.audit.models import AuditEntry
from campaign.mail.models import Message
from tests.accounts.organisers import begin_session, make_established
from tests.actions.businesses.ledger import EVIDENCE, add, check, deliver
from tests.actions.factories import BrandFactory
from tests.factories import SiteSettingsFactory, make_document

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


@pytest.fixture
def ada(client):
    return begin_session(client, make_established("ada", is_superuser=True))


@pytest.fixture
def grace(db):
    return make_established("grace", is_superuser=True)


def fields(**changes):
    return {"happened_on": str(timezone.localdate()), "note": "It wrote to us.", "basis": "self"} | EVIDENCE | changes


def newest():
    return Entry.objects.order_by("-pk").first()


def test_the_brand_page_leads_to_a_form_for_each_kind_of_entry(client, ada, brand):
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


def test_a_file_goes_through_the_library_and_its_hash_is_noted(client, ada, brand):
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


def test_a_correction_names_the_entry_and_starts_from_its_words(client, ada, grace, brand):
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


def test_a_claim_goes_from_its_letter_to_the_second_organiser_who_sees_the_reply(
    client, ada, grace, brand, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)
    SiteSettingsFactory(name="The campaign")
    claim = add(brand, Kind.BROKEN, ada, grace, note="It bought there again.")
    letter = client.get(f"/admin/businesses/entry/{claim.pk}/letter/").content.decode()
    assert "It bought there again." in letter
    answers = {"subject": "About you", "text": "Dear company, please answer.", "by_mail": "1"}
    response = client.post(f"/admin/businesses/entry/{claim.pk}/letter/", answers)
    assert not Message.objects.exists()  # nothing is sent before the request has its reason
    client.post(response.url, {"ask": "1", "reason": "Customs data"})
    request = ApprovalRequest.objects.get()
    assert request.state == "waiting"
    message = Message.objects.get()
    message.finish(Message.Outcome.SENT, timezone.now())
    Notice.objects.get().enter(timezone.now())

    begin_session(client, grace)
    page = f"/admin/approvals/approvalrequest/{request.pk}/change/"
    assert "The company can reply until the end of" in client.get(page).content.decode()
    assert client.post(page, {"approve": "1"}).status_code == 403
    reply = brand.record(Kind.REPLY, ada, quotation="It was another company.")
    time_machine.shift(timedelta(days=15))
    begin_session(client, grace)
    assert "A reply from the company is waiting for a check." in client.get(page).content.decode()
    assert client.post(page, {"approve": "1"}).status_code == 403
    check(reply, grace)
    assert "It was another company." in client.get(page).content.decode()
    client.post(page, {"approve": "1"})
    assert brand.status_at(timezone.now()).code == Code.NONE
    time_machine.shift(timedelta(hours=25))
    act_on_due(timezone.now())

    assert brand.status_at(timezone.now()).code == Code.BROKEN


def test_a_claim_that_is_retracted_after_its_approval_is_not_published(ada, grace, brand, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    claim = add(brand, Kind.BROKEN, ada, grace)
    deliver(claim)
    time_machine.shift(timedelta(days=15))
    request = ApprovalRequest.draft(PUBLISH, ada, about=claim, subject=claim.pk)
    request.submit(1, "Customs data", timezone.now())
    request.approve(grace, timezone.now())
    brand.record(Kind.RETRACTION, ada, corrects=claim, note="It was another company.")
    act_on_due(timezone.now() + timedelta(hours=25))

    request.refresh_from_db()
    assert request.state == "agreed"  # not done, and an organiser can undo it
    assert not claim.steps.filter(kind=Kind.PUBLICATION).exists()


def test_a_claim_is_published_later_if_a_reply_waits_when_it_is_due(ada, grace, brand, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    claim = add(brand, Kind.BROKEN, ada, grace)
    until = deliver(claim).until
    time_machine.shift(timedelta(days=15))
    request = ApprovalRequest.draft(PUBLISH, ada, about=claim, subject=claim.pk)
    request.submit(1, "Customs data", timezone.now())
    request.approve(grace, timezone.now())
    reply = add(brand, Kind.REPLY, ada, happened_on=until)
    act_on_due(timezone.now() + timedelta(hours=25))
    assert not claim.steps.filter(kind=Kind.PUBLICATION).exists()
    check(reply, grace)
    act_on_due(timezone.now() + timedelta(hours=27))

    request.refresh_from_db()
    assert request.state == "done"
    assert claim.steps.filter(kind=Kind.PUBLICATION).exists()


def test_a_notice_counts_only_if_it_went_to_the_companys_own_address(client, ada, grace, brand, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    claim = add(brand, Kind.BROKEN, ada, grace)
    brand.contact = "ada@evil.example"
    brand.save()
    assert "Mail it to" not in client.get(f"/admin/businesses/entry/{claim.pk}/letter/").content.decode()
    deliver(claim)
    brand.contact = "press@cotton.example"
    brand.save()
    time_machine.shift(timedelta(days=15))

    assert "isn’t the company’s contact address" in why_not_yet(claim, timezone.now())
    brand.contact = "ada@evil.example"
    brand.save()
    assert "isn’t the company’s contact address" in why_not_yet(Entry.objects.get(pk=claim.pk), timezone.now())


def test_the_days_that_a_letter_promised_are_kept_when_the_brands_days_become_fewer(ada, grace, brand):
    brand.reply_days = 30
    brand.save()
    claim = add(brand, Kind.BROKEN, ada, grace)
    words = {"subject": "About you", "text": "You have 30 days.", "recipient": brand.contact}
    notice = Notice.objects.create(brand=brand, about=claim, **words)
    brand.reply_days = 14
    brand.save()

    assert Notice.objects.get(pk=notice.pk).last_day(timezone.now()) == timezone.localdate() + timedelta(days=30)


def test_the_second_organiser_reads_the_letter_as_the_company_did_and_where_it_went(client, ada, grace, brand):
    claim = add(brand, Kind.BROKEN, ada, grace, note="It bought there again.")
    client.post(f"/admin/businesses/entry/{claim.pk}/letter/", {"subject": "S", "text": "Hello", "by_mail": "1"})
    CompanyReply.objects.create(brand=brand, words="We did not.", name="Tom", role="Buyer")
    CompanyReply.objects.create(brand=brand, words="Never.", name="Tom", role="Buyer", decided_at=timezone.now())
    request = ApprovalRequest.objects.get()

    page = client.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()

    assert "Mailed to an address at cotton.example" in page
    assert "You can reply until the end of" in page
    assert "Reply that waits for you: We did not." in page
    assert "Refused reply: Never." in page
    assert "press@" not in page


def test_undoing_a_request_withdraws_the_letter(ada, grace, brand):
    claim = add(brand, Kind.BROKEN, ada, grace)
    words = {"subject": "About you", "text": "Dear company", "recipient": brand.contact}
    notice = Notice.objects.create(brand=brand, about=claim, **words)
    request = ApprovalRequest.draft(PUBLISH, ada, about=claim, subject=claim.pk, notice=str(notice.pk))
    request.submit(1, "Customs data", timezone.now())
    assert Message.objects.waiting().exists()
    request.undo(ada, timezone.now())

    assert not Message.objects.exists()


def test_a_notice_delivered_by_hand_needs_proof_and_a_check(client, ada, grace, brand, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    Brand.objects.update(contact=None)
    claim = add(Brand.objects.get(), Kind.DECLINED, ada, grace)
    assert "Mail it to" not in client.get(f"/admin/businesses/entry/{claim.pk}/letter/").content.decode()
    url = f"/admin/businesses/entry/{claim.pk}/delivered/"
    assert "you could not prove this" in client.post(url, fields(evidence_url="")).content.decode()
    client.post(url, fields())
    notice = newest()
    assert notice.until == timezone.localdate() + timedelta(days=14)
    time_machine.shift(timedelta(days=20))
    assert not Entry.objects.ended_notices(timezone.now(), claim.pk).exists()

    check(notice, grace)
    assert Entry.objects.ended_notices(timezone.now(), claim.pk).exists()


def test_two_organisers_set_a_deadline(client, ada, grace, brand):
    promise = add(brand, Kind.COMMITMENT, ada, grace)
    response = client.post(f"/admin/businesses/entry/{promise.pk}/deadline/")
    client.post(response.url, {"ask": "1", "reason": "Twelve months"})
    request = ApprovalRequest.objects.get()
    request.approve(grace, timezone.now())
    act_on_due(timezone.now() + timedelta(hours=25))

    assert brand.status_at(timezone.now() + timedelta(days=2)).days_left() in (363, 364)
    client.get("/admin/")  # which shows the messages
    assert ">Set the deadline<" not in client.get(f"/admin/businesses/entry/{promise.pk}/change/").content.decode()


@pytest.mark.parametrize("is_used", [False, True])
def test_a_redaction_withdraws_the_file_unless_something_else_uses_it(client, ada, grace, brand, is_used):
    document = make_document(title="Letter of Mrs Smith")
    entry = add(brand, Kind.REPLY, ada, grace, document=document)
    if is_used:
        add(brand, Kind.LETTER, ada, grace, document=document)
    request = ApprovalRequest.draft(REDACT, ada, about="about", subject=entry.pk)
    page = client.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    assert ("Letter of Mrs Smith” stays" in page) == is_used
    assert ("Also withdrawn: “Letter of Mrs Smith”" in page) != is_used
    request.submit(1, "It names somebody", timezone.now())
    request.approve(grace, timezone.now())
    act_on_due(timezone.now() + timedelta(hours=25))

    entry.refresh_from_db()
    document.refresh_from_db()
    assert entry.redacted_at
    assert (document.withdrawn_at is None) == is_used
    assert (client.get(document.download_url).status_code == 200) == is_used


def test_a_deadline_is_at_least_thirty_days_ahead(ada, grace, brand, time_machine):
    time_machine.move_to(datetime(2026, 12, 1, 12, tzinfo=UTC), tick=False)
    late = add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2025, 12, 30))
    soon = add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2025, 12, 31))

    assert not may_get_deadline(late, timezone.now())
    assert may_get_deadline(soon, timezone.now())


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
