"""Claims in the admin, from the letter to the company to their publication, and deadlines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from actions.businesses.approvals import PUBLISH
from actions.businesses.models import Brand, Code, CompanyReply, Entry, Kind, Notice
from actions.businesses.models.fairness import may_get_deadline, why_not_yet
from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from campaign.mail.models import Message
from tests.accounts.organisers import begin_session
from tests.actions.businesses.admin.entries import fields, newest
from tests.actions.businesses.ledger import add, check, deliver
from tests.factories import SiteSettingsFactory

pytestmark = pytest.mark.django_db


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
    Notice.objects.get().record_delivery(timezone.now())

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

    assert "no longer the company’s contact address" in why_not_yet(claim, timezone.now())
    brand.contact = "ada@evil.example"
    brand.save()
    assert "no longer the company’s contact address" in why_not_yet(Entry.objects.get(pk=claim.pk), timezone.now())


def test_the_time_to_reply_that_a_letter_promised_is_kept_when_the_brands_is_shortened(ada, grace, brand):
    brand.reply_days = 30
    brand.save()
    claim = add(brand, Kind.BROKEN, ada, grace)
    words = {"subject": "About you", "text": "You have 30 days.", "recipient": brand.contact}
    notice = Notice.objects.create(brand=brand, about=claim, **words)
    brand.reply_days = 14
    brand.save()

    assert Notice.objects.get(pk=notice.pk).last_day(timezone.now()) == timezone.localdate() + timedelta(days=30)


def test_the_second_organiser_reads_the_companys_letter_and_the_domain_that_it_went_to(client, ada, grace, brand):
    claim = add(brand, Kind.BROKEN, ada, grace, note="It bought there again.")
    client.post(f"/admin/businesses/entry/{claim.pk}/letter/", {"subject": "S", "text": "Hello", "by_mail": "1"})
    CompanyReply.objects.create(brand=brand, words="We did not.", name="Tom", role="Buyer")
    CompanyReply.objects.create(brand=brand, words="Never.", name="Tom", role="Buyer", decided_at=timezone.now())
    request = ApprovalRequest.objects.get()

    page = client.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()

    assert "Mailed to an address at cotton.example" in page
    assert "You can reply until the end of" in page
    assert "Reply waiting for you: We did not." in page
    assert "Refused reply: Never." in page
    assert "press@" not in page


def test_the_second_organiser_also_reads_the_replies_to_the_entry_that_a_claim_corrects(
    client, ada, grace, brand, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)
    wrong = add(brand, Kind.BROKEN, ada, grace)
    time_machine.shift(timedelta(hours=1))
    CompanyReply.objects.create(brand=brand, words="We did not.", name="Tom", role="Buyer")
    time_machine.shift(timedelta(hours=1))
    claim = add(brand, Kind.BROKEN, ada, grace, corrects=wrong)
    request = ApprovalRequest.draft(PUBLISH, ada, about=claim, subject=claim.pk)

    assert "We did not." in "".join(request.described.sample(request))


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
    client.post(f"/admin/businesses/entry/{claim.pk}/letter/", {"subject": "S", "text": "Hello", "by_mail": ""})
    letter = Notice.objects.get()
    assert Notice.objects.by_token(letter.token, timezone.now()) is None  # the organiser could reply with it
    page = client.get(f"/admin/approvals/approvalrequest/{ApprovalRequest.objects.get().pk}/change/")
    assert letter.token not in page.content.decode()
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


def test_a_deadline_is_at_least_thirty_days_ahead(ada, grace, brand, time_machine):
    time_machine.move_to(datetime(2026, 12, 1, 12, tzinfo=UTC), tick=False)
    late = add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2025, 12, 30))
    soon = add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2025, 12, 31))

    assert not may_get_deadline(late, timezone.now())
    assert may_get_deadline(soon, timezone.now())
