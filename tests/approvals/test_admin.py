"""The page of a request for approval: its people, number and reason, and what each organiser may do with it."""

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
    """Return the signed-in organiser, who joined a month ago."""
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
def view(client):
    def view(request):
        return client.get(f"{LIST}{request.pk}/change/").content.decode()

    return view


def test_the_page_shows_how_many_people_are_affected_and_some_of_their_names(me, draft_withdrawal, view):
    page = view(draft_withdrawal(12, user=me))

    assert "<strong>12</strong> people" in page
    assert page.count("<bdi>") == 10
    assert "Ada Lovelace" in page


@pytest.mark.parametrize(("number", "message"), [("", "Enter the number"), ("11", "This affects 12"), ("x", "figures")])
def test_a_wrong_number_changes_nothing_and_is_explained(me, draft_withdrawal, post, number, message):
    page = post(draft_withdrawal(12, user=me), ask="1", number=number, reason="They rang us.")

    assert message in page
    assert 'value="They rang us."' in page
    assert ApprovalRequest.objects.get().state == "draft"


def test_a_request_without_a_reason_stays_a_draft(me, draft_withdrawal, post):
    assert "Enter a reason" in post(draft_withdrawal(2, user=me), ask="1", number="2", reason=" ")
    assert ApprovalRequest.objects.get().state == "draft"


def test_a_request_is_made_with_number_and_reason_and_can_be_undone(me, draft_withdrawal, post):
    request = draft_withdrawal(2, user=me)
    page = post(request, ask="1", number="2", reason="They rang us.")

    assert "Takes effect" in page
    assert "Undo" in page
    post(request, undo="1")
    assert ApprovalRequest.objects.get().state == "undone"
    assert Signature.objects.filter(state="confirmed").count() == 2


def test_nobody_but_its_author_can_use_a_draft(me, draft_withdrawal, grace, client):
    request = draft_withdrawal(2, user=grace)

    assert client.get(f"{LIST}{request.pk}/change/").status_code == 302
    assert client.post(f"{LIST}{request.pk}/change/", {"ask": "1", "number": "2", "reason": "x"}).status_code == 302
    assert ApprovalRequest.objects.get().state == "draft"


def test_a_second_organiser_reads_the_reason_and_approves(me, request_withdrawal, view, post):
    request = request_withdrawal(6)
    page = view(request)

    assert "They rang us." in page
    assert "Approve" in page
    post(request, approve="1")
    request.refresh_from_db()
    assert (request.state, request.approved_by) == ("agreed", me)


def test_an_organiser_who_may_not_approve_reads_why_and_is_refused(me, request_withdrawal, view, client, ada):
    Invitation.note(me, invited_by=ada)
    request = request_withdrawal(6)

    assert "invited you" in view(request)
    assert client.post(f"{LIST}{request.pk}/change/", {"approve": "1"}).status_code == 403
    request.refresh_from_db()
    assert request.state == "waiting"


def test_a_get_request_changes_nothing_and_garbage_is_refused(me, request_withdrawal, client):
    request = request_withdrawal(6)

    assert client.get(f"{LIST}{request.pk}/change/?approve=1").status_code == 200
    assert client.post(f"{LIST}{request.pk}/change/", {"begin": "1"}).status_code == 403
    assert client.get(f"{LIST}zzz/change/").status_code == 302
    request.refresh_from_db()
    assert request.state == "waiting"


def test_the_list_takes_few_queries_and_the_front_page_says_how_many_wait(
    me, request_withdrawal, grace, client, django_assert_max_num_queries
):
    for _number in range(5):
        request_withdrawal(6)
    with django_assert_max_num_queries(14):
        assert client.get(LIST).status_code == 200

    request_withdrawal(1, user=grace)
    page = client.get("/admin/").content.decode()
    assert "5 requests need a second organiser." in page
    assert "1 approved request has not taken effect yet." in page


def test_organisers_without_permission_see_no_requests(client, db, request_withdrawal):
    sign_in(client, username="outsider", is_superuser=False)
    request = request_withdrawal(6)

    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{request.pk}/change/").status_code in (302, 403)


def test_drafts_are_deleted_after_a_day(draft_withdrawal, request_withdrawal):
    old = draft_withdrawal(1)
    ApprovalRequest.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=2))
    kept = request_withdrawal(1)
    call_command("retention")

    assert ApprovalRequest.objects.get() == kept


def test_an_account_added_in_the_admin_records_who_added_it(me, client):
    client.post(
        "/admin/auth/user/add/",
        {"username": "new", "is_active": "on", "address": "new@example.org", "is_superuser": "on"},
    )

    assert User.objects.get(username="new").invitation.invited_by == me


def test_a_number_that_has_changed_meanwhile_is_explained(me, draft_withdrawal, post, monkeypatch):
    request = draft_withdrawal(2, user=me)
    monkeypatch.setattr(Withdrawal, "settle", lambda self, request: 3)
    page = post(request, ask="1", number="2", reason="They rang us.")

    assert "the number has changed" in page
    assert ApprovalRequest.objects.get().state == "draft"


def test_the_approver_sees_how_many_people_are_affected_by_now(me, ada, pledge, view):
    export = Export.objects.create(pledge=pledge, purpose="delivery")
    SignatureFactory.create_batch(2, pledge=pledge, confirmed=True)
    request = ApprovalRequest.draft(EXPORT, ada, about=export, subject=export.pk)
    assert request.submit(2, "For the minister.", timezone.now())
    assert "It now affects" not in view(request)
    SignatureFactory.create_batch(3, pledge=pledge, confirmed=True)

    assert "It now affects <strong>5</strong>." in view(request)
