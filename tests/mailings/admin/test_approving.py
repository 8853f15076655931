"""Mailings in the admin: one organiser asks to send them, and a second one approves."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from campaign.approvals.models import ApprovalRequest
from campaign.audit.models import AuditEntry
from campaign.mailings.models import Mailing
from campaign.pages.models import SiteSettings
from campaign.versions.models import Version
from tests.accounts.organisers import begin_session, make_established
from tests.editing.filled_in import filled_in
from tests.factories import SignatureFactory
from tests.mailings.admin.steps import State, approve, ask, path, state_of
from tests.mailings.drafts import button, make_draft, text


def test_a_mailing_is_planned_once_a_second_organiser_approves(client, ruth, second, signers):
    mailing = make_draft(subject="What you asked for")
    page = client.get(path(mailing, "send")).content.decode()
    assert "<strong>3</strong> people at the moment" in page
    ask(client, mailing)
    assert state_of(mailing) == State.WAITING
    request = ApprovalRequest.objects.get()
    shown = second.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    assert "Subject: What you asked for" in shown
    assert "Who gets it: Everybody who asked for news" in shown
    assert path(mailing, "preview") in shown
    assert "@example.org" not in shown
    approve(second)

    sent = Mailing.objects.get()
    assert (sent.state, sent.version) == (State.SCHEDULED, Version.objects.of(Mailing, mailing.pk).get().number)
    assert timedelta(minutes=4) < sent.send_at - timezone.now() <= timedelta(minutes=5)
    acts = list(AuditEntry.objects.filter(model="mailings.mailing").values_list("act", flat=True))
    assert acts == ["steer_mailing", "steer_mailing"]


def test_a_planned_time_is_kept(client, ruth, second, signers):
    mailing = make_draft()
    tomorrow = timezone.localtime() + timedelta(days=1)
    ask(client, mailing, send_at_0=tomorrow.strftime("%Y-%m-%d"), send_at_1="09:30")
    approve(second)

    planned = timezone.localtime(Mailing.objects.get().send_at)
    assert (planned.date(), planned.strftime("%H:%M")) == (tomorrow.date(), "09:30")


def test_a_time_in_the_past_is_refused(client, ruth, signers):
    mailing = make_draft()
    answer = client.post(path(mailing, "send"), {"send_at_0": "2020-01-01", "send_at_1": "09:30"})

    assert "at least five minutes from now" in answer.content.decode()
    assert not ApprovalRequest.objects.exists()


def test_the_organiser_who_asked_cannot_approve(client, ruth, signers):
    mailing = make_draft()
    ask(client, mailing)

    assert approve(client).status_code == 403
    assert state_of(mailing) == State.WAITING


def test_an_organiser_with_a_new_account_cannot_approve(client, ruth, signers):
    newcomer = Client()
    begin_session(newcomer, make_established("new", days=1))
    mailing = make_draft()
    ask(client, mailing)

    assert approve(newcomer).status_code == 403
    assert state_of(mailing) == State.WAITING


def test_a_wrong_number_is_refused(client, ruth, signers):
    mailing = make_draft()
    answer = ask(client, mailing, people=4)

    assert "This affects 3, not 4." in answer.content.decode()
    assert state_of(mailing) == State.DRAFT


def test_a_draft_that_has_changed_since_counting_is_not_submitted(client, ruth, signers):
    mailing = make_draft()
    begun = client.post(path(mailing, "send"), {}, follow=True).redirect_chain[-1][0]
    form = filled_in(client.get(path(mailing, "change")), subject="Something else")
    client.post(path(mailing, "change"), form | {"_continue": "1"})
    answer = client.post(begun, {"ask": "1", "number": "3", "reason": "x"}, follow=True)

    assert "the draft has changed" in answer.content.decode()
    assert state_of(mailing) == State.DRAFT


def test_a_new_request_is_needed_if_many_more_people_would_get_it(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    for number in range(11):
        SignatureFactory(pledge=signers, confirmed=True, updates=True, email=f"more{number}@example.org")
    answer = approve(second)

    assert answer.status_code == 403
    request = ApprovalRequest.objects.get()
    page = second.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    assert "14 people would get it now, not 3." in page


def test_a_refused_mailing_is_a_draft_again(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    request = ApprovalRequest.objects.get()
    second.post(f"/admin/approvals/approvalrequest/{request.pk}/change/", {"undo": "1"})

    assert state_of(mailing) == State.DRAFT


def test_an_incomplete_mailing_cannot_be_submitted(client, ruth, signers):
    empty = Mailing.objects.create(subject="")
    SiteSettings.objects.update(publisher_address="")
    assert "This is still empty." in client.get(path(empty, "send")).content.decode()
    Mailing.objects.update(subject="News")
    page = client.get(path(empty, "send")).content.decode()

    assert "Before you can send it" in page
    assert "There is no text yet." in page
    assert "Enter who is responsible for the site, and a postal address." in page
    assert '<a href="/admin/pages/sitesettings/#id_publisher_name">Site settings</a>' in page
    assert client.post(path(empty, "send"), {}).status_code == 200
    assert not ApprovalRequest.objects.exists()


def test_broken_links_and_a_revealing_subject_are_shown_before_sending(client, ruth, signers):
    mailing = make_draft(text('<p><a href="/nowhere/">our page</a></p>'), button("Go", "/gone/"), subject="Persecution")
    page = client.get(path(mailing, "send")).content.decode()

    assert "there is no page at /nowhere/" in page
    assert "there is no page at /gone/" in page
    assert "A locked phone shows “Persecution”" in page


def test_after_a_backup_is_restored_an_old_request_does_not_approve_a_new_submission(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    old = ApprovalRequest.objects.latest("pk")
    Mailing.objects.stop_restored()
    ask(second, mailing)
    second.post(f"/admin/approvals/approvalrequest/{old.pk}/change/", {"approve": "1"})
    assert state_of(mailing) == State.WAITING

    second.post(f"/admin/approvals/approvalrequest/{old.pk}/change/", {"undo": "1"})
    assert state_of(mailing) == State.WAITING
