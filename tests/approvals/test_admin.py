"""The page of a request: who it affects, the number and the reason, and what others may do about it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from campaign.accounts.models import Invitation
from campaign.approvals.models import ApprovalRequest
from pledges.approvals.exports import EXPORT
from pledges.approvals.signatures import Withdrawal
from pledges.models import Export, Signature
from tests.accounts.organisers import sign_in
from tests.factories import SignatureFactory

LIST = "/admin/approvals/approvalrequest/"


@pytest.fixture
def me(client, db):
    """The organiser who is signed in, and joined a month ago."""
    user = sign_in(client, username="me")
    month_ago = timezone.now() - timedelta(days=30)
    user.authenticator_set.update(created_at=month_ago)
    User.objects.filter(pk=user.pk).update(date_joined=month_ago)
    return user


@pytest.fixture
def post(client):
    def post(request, **values):
        return client.post(f"{LIST}{request.pk}/change/", values, follow=True).content.decode()

    return post


@pytest.fixture
def look(client):
    def look(request):
        return client.get(f"{LIST}{request.pk}/change/").content.decode()

    return look


def test_it_shows_how_many_and_some_of_them(me, draft, look):
    page = look(draft(12, user=me))

    assert "<strong>12</strong> people" in page
    assert page.count("<bdi>") == 10
    assert "Ada Lovelace" in page


@pytest.mark.parametrize(
    ("number", "complaint"), [("", "Enter the number"), ("11", "This affects 12"), ("x", "figures")]
)
def test_a_wrong_number_changes_nothing_and_is_explained(me, draft, post, number, complaint):
    page = post(draft(12, user=me), ask="1", number=number, reason="They rang us.")

    assert complaint in page
    assert 'value="They rang us."' in page
    assert ApprovalRequest.objects.get().state == "draft"


def test_without_a_reason_nothing_happens(me, draft, post):
    assert "Enter a reason" in post(draft(2, user=me), ask="1", number="2", reason=" ")
    assert ApprovalRequest.objects.get().state == "draft"


def test_with_number_and_reason_it_is_asked_for_and_can_be_undone(me, draft, post):
    request = draft(2, user=me)
    page = post(request, ask="1", number="2", reason="They rang us.")

    assert "Takes effect" in page
    assert "Undo" in page
    post(request, undo="1")
    assert ApprovalRequest.objects.get().state == "undone"
    assert Signature.objects.filter(state="confirmed").count() == 2


def test_a_draft_is_nobody_elses(me, draft, grace, client):
    request = draft(2, user=grace)

    assert client.get(f"{LIST}{request.pk}/change/").status_code == 302
    assert client.post(f"{LIST}{request.pk}/change/", {"ask": "1", "number": "2", "reason": "x"}).status_code == 302
    assert ApprovalRequest.objects.get().state == "draft"


def test_a_second_organiser_reads_the_reason_and_approves(me, asked, look, post):
    request = asked(6)
    page = look(request)

    assert "They rang us." in page
    assert "Approve" in page
    post(request, approve="1")
    request.refresh_from_db()
    assert (request.state, request.approved_by) == ("agreed", me)


def test_one_who_may_not_approve_reads_why_and_is_refused(me, asked, look, client, ada):
    Invitation.note(me, invited_by=ada)
    request = asked(6)

    assert "invited you" in look(request)
    assert client.post(f"{LIST}{request.pk}/change/", {"approve": "1"}).status_code == 403
    request.refresh_from_db()
    assert request.state == "waiting"


def test_getting_changes_nothing_and_garbage_is_refused(me, asked, client):
    request = asked(6)

    assert client.get(f"{LIST}{request.pk}/change/?approve=1").status_code == 200
    assert client.post(f"{LIST}{request.pk}/change/", {"begin": "1"}).status_code == 403
    assert client.get(f"{LIST}zzz/change/").status_code == 302
    request.refresh_from_db()
    assert request.state == "waiting"


def test_the_list_answers_in_few_queries_and_the_desk_says_what_waits(
    me, asked, grace, client, django_assert_max_num_queries
):
    for _number in range(5):
        asked(6)
    with django_assert_max_num_queries(14):
        assert client.get(LIST).status_code == 200

    asked(1, user=grace)
    page = client.get("/admin/").content.decode()
    assert "5 requests need a second organiser." in page
    assert "1 approved request has not taken effect yet." in page


def test_organisers_without_the_right_see_none(client, db, asked):
    sign_in(client, username="outsider", is_superuser=False)
    request = asked(6)

    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{request.pk}/change/").status_code in (302, 403)


def test_drafts_go_after_a_day(draft, asked):
    old = draft(1)
    ApprovalRequest.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=2))
    kept = asked(1)
    call_command("retention")

    assert ApprovalRequest.objects.get() == kept


def test_an_account_made_in_the_admin_remembers_who_made_it(me, client):
    client.post("/admin/auth/user/add/", {"username": "new", "is_active": "on"})

    assert User.objects.get(username="new").invitation.invited_by == me


def test_a_number_that_has_changed_since_is_explained(me, draft, post, monkeypatch):
    request = draft(2, user=me)
    monkeypatch.setattr(Withdrawal, "settle", lambda self, request: 3)
    page = post(request, ask="1", number="2", reason="They rang us.")

    assert "the number has changed" in page
    assert ApprovalRequest.objects.get().state == "draft"


def test_one_who_approves_is_told_how_many_it_affects_by_now(me, ada, pledge, look):
    export = Export.objects.create(pledge=pledge, purpose="delivery")
    SignatureFactory.create_batch(2, pledge=pledge, confirmed=True)
    request = ApprovalRequest.draft(EXPORT, ada, about=export, subject=export.pk)
    assert request.submit(2, "For the minister.", timezone.now())
    assert "It now affects" not in look(request)
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True)

    assert "It now affects <strong>5</strong>." in look(request)
