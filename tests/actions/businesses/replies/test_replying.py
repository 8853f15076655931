"""A company replies with a mailed link: `/businesses/manage/<token>/`."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from actions.businesses.approvals import REFUSE_REPLY
from actions.businesses.models import Brand, CommitmentOffer, CompanyReply, Entry, Kind, Notice
from actions.businesses.models.fairness import why_not_yet
from actions.businesses.models.notice import TO_COMPANY
from actions.businesses.models.offers import MANAGE
from actions.businesses.replies.links import reply_link
from campaign.approvals.acting import act_on_due
from campaign.approvals.kinds import NotPossibleError
from campaign.approvals.models import ApprovalRequest
from campaign.mail.models import Message
from campaign.mail.writers import WRITERS
from tests.accounts.organisers import begin_session, make_established
from tests.actions.businesses.ledger import add, check, deliver, publish_claim
from tests.factories import SiteSettingsFactory

ANSWERS = {"words": "This is wrong: we stopped in May.", "name": "Tom Okafor", "role": "Head of purchasing"}


@pytest.fixture
def notice(brand, ada, grace):
    SiteSettingsFactory()
    claim = add(brand, Kind.DECLINED, ada, checked_by=grace)
    words = {"subject": "About you", "text": "Dear company", "recipient": brand.contact}
    return Notice.objects.create(brand=brand, about=claim, **words)


@pytest.fixture
def path(notice):
    return reply_link(notice).partition("127.0.0.1:8000")[2]


def confirm_offer(email="tom@linen.org", **company):
    """Store a commitment that its sender has confirmed; return the path of the link for replies."""
    now = timezone.now()
    fields = {"level": "full", "words": "We will.", "domain": email.partition("@")[2], "name": "Tom", "role": "Buyer"}
    CommitmentOffer.ask(email, now, **company, **fields)
    return f"/businesses/manage/{CommitmentOffer.objects.confirm(now).manage_token}/"


def press(client, reply, step):
    begin_session(client, User.objects.get(username="grace"))
    return client.post(f"/admin/businesses/companyreply/{reply.pk}/{step}/", follow=True).content.decode()


def test_a_notice_contains_the_link_with_which_the_company_replies(notice, client):
    message = Message(kind=TO_COMPANY, object_id=notice.pk)

    body = WRITERS[TO_COMPANY](message).body

    assert body.startswith("Dear company")
    assert "Declined (self-declared)" in body
    assert "https://example.org/letters/2026-11-02" in body
    assert "You can reply until the end of" in body
    path = re.search(r"/businesses/manage/\S+", body)[0]
    assert "This is about the entry" in client.get(path).content.decode()


def test_a_reply_is_published_beside_the_claim_once_two_organisers_have_read_it(client, path, ada):
    assert client.post(path, ANSWERS).headers["Location"] == f"{path}?sent=1"
    reply = CompanyReply.objects.get()
    assert "We have your reply" in client.get(f"{path}?sent=1").content.decode()
    assert "we stopped in May" not in client.get("/businesses/cotton/").content.decode()

    assert "another organiser has to check it" in press(client, reply, "publish")

    entry = Entry.objects.get(kind=Kind.REPLY)
    assert (entry.quotation, entry.entered_name, entry.basis) == (ANSWERS["words"], "grace", "self")
    assert "we stopped in May" not in client.get("/businesses/cotton/").content.decode()
    check(entry, ada)
    page = client.get("/businesses/cotton/").content.decode()
    assert "we stopped in May" in page
    assert "Tom Okafor" not in page


def test_no_claim_is_published_while_a_reply_waits_for_an_organiser(client, path, notice, ada):
    now = timezone.now()
    deliver(notice.about, now - timedelta(days=20))
    assert why_not_yet(notice.about, now) == ""

    client.post(path, ANSWERS)
    CompanyReply.objects.update(asked_at=now - timedelta(days=6))
    assert "A reply from the company is waiting" in why_not_yet(notice.about, now)

    press(client, CompanyReply.objects.get(), "publish")
    assert "A reply from the company is waiting" in why_not_yet(notice.about, timezone.now())
    check(Entry.objects.get(kind=Kind.REPLY), ada)
    assert why_not_yet(notice.about, timezone.now()) == ""


def test_two_organisers_refuse_a_reply_and_until_then_it_waits(client, path, ada):
    client.post(path, ANSWERS)
    reply = CompanyReply.objects.get()

    assert "second organiser" in press(client, reply, "refuse")
    request = ApprovalRequest.objects.get(kind=REFUSE_REPLY)
    assert request.described.sample(request) == ["Cotton & Co", ANSWERS["words"]]
    request.submit(1, "Not from the company", timezone.now())
    assert request.state == "waiting"
    assert CompanyReply.objects.waiting().exists()
    request.approve(ada, timezone.now())
    act_on_due(timezone.now() + timedelta(hours=25))

    assert not CompanyReply.objects.waiting().exists()
    assert "dealt with this in the meantime" in press(client, reply, "publish")
    assert not Entry.objects.filter(kind=Kind.REPLY).exists()


def test_a_reply_that_is_published_in_the_meantime_is_not_refused(client, path, ada):
    client.post(path, ANSWERS)
    reply = CompanyReply.objects.get()
    press(client, reply, "refuse")
    request = ApprovalRequest.objects.get(kind=REFUSE_REPLY)
    request.submit(1, "Not from the company", timezone.now())
    press(client, reply, "publish")

    assert "dealt with this" in str(request.described.obstacle(request, ada))
    with pytest.raises(NotPossibleError):
        request.described.act(request)


def test_others_cannot_use_up_a_companys_right_to_reply(client, path, brand, ada):
    other = add(brand, Kind.BROKEN, ada)
    fields = {"brand": brand, "about": other, "words": "No.", "name": "Eve", "role": "Chair"}
    CompanyReply.objects.bulk_create(CompanyReply(**fields) for _number in range(200))

    assert client.post(path, ANSWERS).status_code == 302


@pytest.mark.parametrize(
    ("change", "message"), [({"words": " "}, "Write the company’s reply"), ({"name": ""}, "Enter your name")]
)
def test_a_mistake_gets_an_error_and_nothing_typed_is_lost(client, path, change, message):
    page = client.post(path, ANSWERS | change).content.decode()

    assert message in page
    assert "Head of purchasing" in page
    assert not CompanyReply.objects.exists()


def test_a_made_up_or_damaged_link_opens_nothing(client, path):
    for wrong in ("/businesses/manage/made-up/", path[:-3] + "x/"):
        response = client.get(wrong)
        assert response.status_code == 404
        assert "no-store" in response["Cache-Control"] or "no-cache" in response["Cache-Control"]


def test_a_company_that_has_committed_can_reply_once_the_brand_is_known(client, brand):
    SiteSettingsFactory()
    path = confirm_offer(company="Linen")
    Brand.objects.update(domains="linen.org")
    brand.refresh_from_db()
    assert "still checking" in client.get(path).content.decode()
    assert client.post(path, ANSWERS).status_code == 200

    CommitmentOffer.objects.get().publish(brand, make_established("ada"), timezone.now())
    assert client.post(path, ANSWERS).status_code == 302

    reply = CompanyReply.objects.get()
    assert reply.brand == brand
    assert reply.about.kind == Kind.COMMITMENT


def test_a_commitments_link_expires_on_the_day_that_its_message_and_its_page_state(client, brand, time_machine):
    SiteSettingsFactory()
    time_machine.move_to(datetime(2026, 11, 1, 12, tzinfo=UTC), tick=False)
    path = confirm_offer(brand=brand)
    body = WRITERS[MANAGE](Message.objects.get(kind=MANAGE)).body
    assert path in body
    assert "The link works until the end of 6 December 2027." in body

    time_machine.move_to(datetime(2027, 12, 6, 23, tzinfo=UTC), tick=False)
    assert "This link works until the end of 6 December 2027." in client.get(path).content.decode()
    time_machine.move_to(datetime(2027, 12, 7, 1, tzinfo=UTC), tick=False)
    assert client.get(path).status_code == 404
    assert client.post(path, ANSWERS).status_code == 404
    assert not CompanyReply.objects.exists()


def test_a_notices_link_expires_a_month_after_the_last_day_to_reply(client, path, notice, time_machine):
    fields = {"outcome": "sent", "due_at": timezone.now(), "done_at": timezone.now()}
    Message.objects.create(kind=TO_COMPANY, object_id=notice.pk, **fields)
    entered = notice.record_delivery(timezone.now())
    time_machine.move_to(timezone.now().replace(hour=12) + (entered.until - timezone.localdate()) + timedelta(days=30))
    assert client.get(path).status_code == 200
    time_machine.shift(timedelta(days=1))

    assert client.get(path).status_code == 404
    assert client.post(path, ANSWERS).status_code == 404


def test_a_notices_link_stops_working_when_the_contact_address_changes(client, path, brand):
    brand.contact = "other@cotton.example"
    brand.save()

    assert client.post(path, ANSWERS).status_code == 404


def test_a_notices_link_still_works_once_somebody_else_commits_for_the_company(client, path, notice, brand, ada):
    Brand.objects.update(contact=None, domains="cotton.com")
    brand.refresh_from_db()
    Notice.objects.update(recipient="tom@cotton.com")
    for email in ("tom@cotton.com", "uma@cotton.com"):
        confirm_offer(email, brand=brand)
        CommitmentOffer.objects.get(entry=None).publish(brand, ada, timezone.now())
        assert client.get(path).status_code == 200
    assert WRITERS[TO_COMPANY](Message(kind=TO_COMPANY, object_id=notice.pk)).to == ["tom@cotton.com"]

    brand.contact = "press@cotton.com"
    brand.save()
    assert client.get(path).status_code == 404


def test_a_reply_after_the_last_day_does_not_stop_a_claim(client, path, notice):
    now = timezone.now()
    deliver(notice.about, now - timedelta(days=20))
    client.post(path, ANSWERS)
    assert why_not_yet(notice.about, now) == ""

    CompanyReply.objects.update(asked_at=now - timedelta(days=6))
    assert "A reply from the company is waiting" in why_not_yet(notice.about, now)


def test_the_token_is_masked_in_logs():
    from campaign.privacy.logs import mask

    assert "secret" not in mask("GET /businesses/manage/secret:token/ HTTP/1.1")


def test_the_reply_and_the_claim_share_a_timeline(client, path, notice, ada, grace, brand):
    deliver(notice.about, timezone.now().replace(year=2025))
    publish_claim(notice.about, ada, grace)
    client.post(path, ANSWERS)
    press(client, CompanyReply.objects.get(), "publish")
    check(Entry.objects.get(kind=Kind.REPLY), ada)

    kinds = [entry.kind for entry in brand.timeline(timezone.now())]
    assert sorted(kinds) == [Kind.DECLINED, Kind.REPLY]
