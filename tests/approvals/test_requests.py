"""Requests for approval: people are hidden immediately, many need a second organiser, and a day remains to undo."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaign.accounts.models import Invitation
from campaign.approvals.acting import act_on_due
from campaign.approvals.models import ApprovalRequest
from pledges.approvals.signatures import REJECT
from pledges.models import Signature
from tests.accounts.organisers import make_established, make_organiser
from tests.factories import SignatureFactory

DAY = timedelta(hours=24)


def states():
    return sorted(Signature.objects.values_list("state", flat=True))


def names():
    return set(Signature.objects.values_list("public_name", flat=True))


def test_signatures_are_hidden_immediately_and_withdrawn_after_a_day(request_withdrawal):
    now = timezone.now()
    request = request_withdrawal(5)

    assert (request.state, states(), names()) == ("agreed", ["held"] * 5, {""})
    assert Signature.objects.exclude(name=None).count() == 5
    assert act_on_due(now + DAY - timedelta(minutes=1)) == 0
    assert act_on_due(now + DAY + timedelta(minutes=1)) == 1
    assert states() == ["withdrawn"] * 5
    assert not Signature.objects.exclude(name=None).exists()
    request.refresh_from_db()
    assert request.state == "done"


def test_a_request_can_be_undone_within_the_day(request_withdrawal, grace):
    request = request_withdrawal(3)
    assert request.undo(grace, timezone.now())

    assert states() == ["confirmed"] * 3
    assert "" not in names()
    assert act_on_due(timezone.now() + 2 * DAY) == 0
    assert (request.state, request.ended_by) == ("undone", grace)


def test_undoing_keeps_changes_made_to_a_signature_in_the_meantime(request_withdrawal, grace):
    request = request_withdrawal(2)
    left, _other = Signature.objects.all()
    left.withdraw()
    request.undo(grace, timezone.now())

    assert states() == ["confirmed", "withdrawn"]


def test_more_than_five_people_need_a_second_organiser(request_withdrawal, grace):
    request = request_withdrawal(6)

    assert (request.state, states()) == ("waiting", ["held"] * 6)
    assert act_on_due(timezone.now() + 7 * DAY) == 0
    assert request.obstacle(grace, timezone.now()) is None
    assert request.approve(grace, timezone.now())
    assert request.state == "agreed"
    assert act_on_due(timezone.now() + DAY) == 1
    assert states() == ["withdrawn"] * 6


def test_a_second_organiser_can_refuse(request_withdrawal, grace):
    request = request_withdrawal(6)
    assert request.undo(grace, timezone.now())

    assert states() == ["confirmed"] * 6
    assert not request.approve(grace, timezone.now())


def test_the_limit_of_five_people_a_day_covers_all_requests_of_one_organiser(request_withdrawal, grace, time_machine):
    assert request_withdrawal(3).state == "agreed"
    assert request_withdrawal(3, user=grace).state == "agreed"
    assert request_withdrawal(2).state == "agreed"
    assert request_withdrawal(1).state == "waiting"
    time_machine.move_to(timezone.now() + DAY)
    assert request_withdrawal(5).state == "agreed"


def test_undone_requests_do_not_count_towards_the_limit(request_withdrawal, ada):
    request_withdrawal(5).undo(ada, timezone.now())

    assert request_withdrawal(5).state == "agreed"


def test_a_draft_is_requested_only_once(draft_withdrawal):
    request = draft_withdrawal(2)
    request.submit(2, "They rang us.", timezone.now())
    request.submit(2, "Again.", timezone.now())

    assert request.reason == "They rang us."


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_share_the_limit(draft_withdrawal):
    drafts = [draft_withdrawal(3) for _number in range(6)]

    def ask(request):
        try:
            request.submit(3, "They rang us.", timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, drafts))

    assert sorted(ApprovalRequest.objects.values_list("state", flat=True)) == ["agreed"] + ["waiting"] * 5


@pytest.mark.django_db(transaction=True)
def test_simultaneous_undoing_and_acting_never_both_succeed(request_withdrawal, grace):
    requests = [request_withdrawal(1) for _number in range(5)]
    later = timezone.now() + DAY

    def undo(request):
        try:
            request.undo(grace, later)
        finally:
            connection.close()

    def act(_number):
        try:
            act_on_due(later)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        pool.map(act, range(3))
        list(pool.map(undo, requests))

    for request in ApprovalRequest.objects.all():
        [state] = Signature.objects.filter(pk__in=request.payload["signatures"]).values_list("state", flat=True)
        assert (request.state, state) in {("done", "withdrawn"), ("undone", "confirmed")}


def test_a_request_that_fails_does_not_stop_the_others(request_withdrawal):
    broken, sound = request_withdrawal(1), request_withdrawal(1)
    ApprovalRequest.objects.filter(pk=broken.pk).update(payload={})
    later = timezone.now() + DAY

    assert act_on_due(later) == 2
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == ("agreed", "done")
    assert broken.acts_at > later


def test_requests_due_at_the_same_time_are_carried_out_in_the_order_in_which_they_were_made(request_withdrawal):
    first, second = request_withdrawal(1), request_withdrawal(1)
    due = timezone.now() + DAY
    for request in (second, first):  # PostgreSQL now stores the older one last
        ApprovalRequest.objects.filter(pk=request.pk).update(acts_at=due)

    assert list(ApprovalRequest.objects.due(due)) == [first, second]


def test_a_request_of_an_unknown_kind_waits(request_withdrawal):
    request = request_withdrawal(1)
    ApprovalRequest.objects.filter(pk=request.pk).update(kind="news.send")

    assert act_on_due(timezone.now() + DAY) == 0


@pytest.mark.parametrize("days", [0, 6])
def test_a_new_organiser_cannot_approve(request_withdrawal, days):
    newcomer = make_established("newcomer", days=days)

    assert "seven days" in request_withdrawal(6).obstacle(newcomer, timezone.now())


def test_an_old_account_with_a_new_authenticator_cannot_approve(request_withdrawal, grace):
    grace.authenticator_set.update(created_at=timezone.now())

    assert "seven days" in request_withdrawal(6).obstacle(grace, timezone.now())


def test_an_organiser_who_is_inactive_or_has_no_authenticator_cannot_approve(request_withdrawal, grace):
    bare = make_organiser("bare", is_superuser=True)
    User.objects.filter(pk=bare.pk).update(date_joined=timezone.now() - timedelta(days=30))
    bare.refresh_from_db()
    grace.is_active = False
    request = request_withdrawal(6)

    assert request.obstacle(bare, timezone.now())
    assert request.obstacle(grace, timezone.now())


def test_an_organiser_invited_by_the_requester_even_indirectly_cannot_approve(request_withdrawal, ada, grace):
    between = make_established("between")
    Invitation.note(between, invited_by=ada)
    Invitation.note(grace, invited_by=between)
    request = request_withdrawal(6)

    for puppet in (between, grace):
        assert "invited you" in request.obstacle(puppet, timezone.now())


def test_a_new_organiser_invited_by_the_requester_does_not_wait_seven_days_in_vain(request_withdrawal, ada):
    newcomer = make_established("newcomer", days=0)
    Invitation.note(newcomer, invited_by=ada)

    assert "invited you" in request_withdrawal(6).obstacle(newcomer, timezone.now())


def test_an_organiser_cannot_approve_a_request_by_somebody_they_invited(request_withdrawal, ada, grace):
    puppet = make_established("puppet", days=0)
    Invitation.note(puppet, invited_by=grace)
    request = request_withdrawal(6, user=puppet)

    assert "You invited" in request.obstacle(grace, timezone.now())
    assert request.obstacle(ada, timezone.now()) is None


def test_the_requester_cannot_approve(request_withdrawal, ada):
    request = request_withdrawal(6)

    assert "somebody else" in request.obstacle(ada, timezone.now())
    with pytest.raises(IntegrityError, match="two_organisers"), transaction.atomic():
        request.approve(ada, timezone.now())


def test_an_organiser_without_permission_cannot_approve(request_withdrawal):
    outsider = make_established("outsider", is_superuser=False)

    assert "permission" in request_withdrawal(6).obstacle(outsider, timezone.now())


def test_the_database_refuses_to_complete_a_request_without_a_second_organiser(request_withdrawal):
    request = request_withdrawal(6)

    with pytest.raises(IntegrityError, match="a_second_organiser"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).update(state="done")


def test_a_request_is_refused_if_the_number_of_people_has_changed(draft_withdrawal):
    request = draft_withdrawal(3)
    Signature.objects.first().withdraw()

    assert not request.submit(3, "They rang us.", timezone.now())
    request.refresh_from_db()
    assert (request.state, states()) == ("draft", ["confirmed"] * 2 + ["withdrawn"])


def test_a_request_affects_only_signatures_that_were_counted_when_it_was_made(ada, grace, pledge):
    waiting = SignatureFactory(pledge=pledge)
    shown = SignatureFactory.create_batch(6, pledge=pledge, public=True)
    keys = [str(one.pk) for one in (waiting, *shown)]
    request = ApprovalRequest.draft(REJECT, ada, about=pledge, signatures=keys)
    assert request.submit(6, "Bots.", timezone.now())
    Signature.objects.filter(pk=waiting.pk).confirm(timezone.now())
    request.approve(grace, timezone.now())

    assert states() == ["confirmed"] + ["rejected"] * 6


@pytest.mark.django_db(transaction=True)
def test_requesting_and_changing_one_signature_in_two_windows_does_not_deadlock(draft_withdrawal, ada):
    request = draft_withdrawal(2)

    def ask():
        try:
            return request.submit(2, "They rang us.", timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Signature.objects.all().change_state("held", ada, "Odd.")
            asking = pool.submit(ask)
            sleep(1)
        assert asking.result()


def test_a_newly_invited_organiser_needs_a_second_one_even_for_one_signature(request_withdrawal, grace):
    newcomer = make_established("newcomer", days=6)
    assert request_withdrawal(1, user=newcomer).state == "agreed"
    Invitation.note(newcomer, invited_by=grace)

    assert request_withdrawal(1, user=newcomer).state == "waiting"


def test_a_person_who_withdraws_and_signs_again_in_the_meantime_is_left_alone(request_withdrawal):
    request = request_withdrawal(1)
    signature = Signature.objects.get()
    signature.withdraw()
    again = timezone.now()
    Signature.objects.update(state="pending", confirmation_sent_at=again, signed_at=again)
    Signature.objects.all().confirm(again)
    act_on_due(timezone.now() + DAY)

    request.refresh_from_db()
    assert (request.state, states()) == ("done", ["confirmed"])
