"""From request to act: hidden at once, agreed by two if it affects many, open to undoing for a day, then done."""

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


def test_what_it_is_about_is_hidden_at_once_and_done_after_a_day(asked):
    now = timezone.now()
    request = asked(5)

    assert (request.state, states(), names()) == ("agreed", ["held"] * 5, {""})
    assert Signature.objects.exclude(name=None).count() == 5
    assert act_on_due(now + DAY - timedelta(minutes=1)) == 0
    assert act_on_due(now + DAY + timedelta(minutes=1)) == 1
    assert states() == ["withdrawn"] * 5
    assert not Signature.objects.exclude(name=None).exists()
    request.refresh_from_db()
    assert request.state == "done"


def test_within_the_day_it_can_be_undone(asked, grace):
    request = asked(3)
    assert request.undo(grace, timezone.now())

    assert states() == ["confirmed"] * 3
    assert "" not in names()
    assert act_on_due(timezone.now() + 2 * DAY) == 0
    assert (request.state, request.ended_by) == ("undone", grace)


def test_what_became_of_a_signature_meanwhile_is_not_undone(asked, grace):
    request = asked(2)
    left, _other = Signature.objects.all()
    left.withdraw()
    request.undo(grace, timezone.now())

    assert states() == ["confirmed", "withdrawn"]


def test_more_than_five_people_need_a_second_organiser(asked, grace):
    request = asked(6)

    assert (request.state, states()) == ("waiting", ["held"] * 6)
    assert act_on_due(timezone.now() + 7 * DAY) == 0
    assert request.obstacle(grace, timezone.now()) is None
    assert request.approve(grace, timezone.now())
    assert request.state == "agreed"
    assert act_on_due(timezone.now() + DAY) == 1
    assert states() == ["withdrawn"] * 6


def test_a_second_organiser_can_refuse(asked, grace):
    request = asked(6)
    assert request.undo(grace, timezone.now())

    assert states() == ["confirmed"] * 6
    assert not request.approve(grace, timezone.now())


def test_five_people_a_day_are_counted_over_all_requests_of_one_organiser(asked, grace, time_machine):
    assert asked(3).state == "agreed"
    assert asked(3, user=grace).state == "agreed"
    assert asked(2).state == "agreed"
    assert asked(1).state == "waiting"
    time_machine.move_to(timezone.now() + DAY)
    assert asked(5).state == "agreed"


def test_what_was_undone_does_not_count_towards_the_five(asked, ada):
    asked(5).undo(ada, timezone.now())

    assert asked(5).state == "agreed"


def test_an_act_is_asked_for_once(draft):
    request = draft(2)
    request.submit(2, "They rang us.", timezone.now())
    request.submit(2, "Again.", timezone.now())

    assert request.reason == "They rang us."


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_share_the_five(draft):
    drafts = [draft(3) for _number in range(6)]

    def ask(request):
        try:
            request.submit(3, "They rang us.", timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, drafts))

    assert sorted(ApprovalRequest.objects.values_list("state", flat=True)) == ["agreed"] + ["waiting"] * 5


@pytest.mark.django_db(transaction=True)
def test_an_undo_and_the_act_at_the_same_moment_never_both_happen(asked, grace):
    requests = [asked(1) for _number in range(5)]
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


def test_one_request_that_fails_does_not_stop_the_others(asked):
    broken, sound = asked(1), asked(1)
    ApprovalRequest.objects.filter(pk=broken.pk).update(payload={})
    later = timezone.now() + DAY

    assert act_on_due(later) == 2
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == ("agreed", "done")
    assert broken.acts_at > later


def test_an_act_of_a_kind_that_this_version_does_not_know_waits(asked):
    request = asked(1)
    ApprovalRequest.objects.filter(pk=request.pk).update(kind="news.send")

    assert act_on_due(timezone.now() + DAY) == 0


@pytest.mark.parametrize("days", [0, 6])
def test_a_new_organiser_cannot_approve(asked, days):
    newcomer = make_established("newcomer", days=days)

    assert "seven days" in asked(6).obstacle(newcomer, timezone.now())


def test_an_old_account_with_a_new_authenticator_cannot_approve(asked, grace):
    grace.authenticator_set.update(created_at=timezone.now())

    assert "seven days" in asked(6).obstacle(grace, timezone.now())


def test_an_organiser_without_an_authenticator_or_shut_out_cannot_approve(asked, grace):
    bare = make_organiser("bare", is_superuser=True)
    User.objects.filter(pk=bare.pk).update(date_joined=timezone.now() - timedelta(days=30))
    bare.refresh_from_db()
    grace.is_active = False
    request = asked(6)

    assert request.obstacle(bare, timezone.now())
    assert request.obstacle(grace, timezone.now())


def test_whom_the_first_invited_even_through_others_cannot_approve(asked, ada, grace):
    between = make_established("between")
    Invitation.note(between, invited_by=ada)
    Invitation.note(grace, invited_by=between)
    request = asked(6)

    for puppet in (between, grace):
        assert "invited you" in request.obstacle(puppet, timezone.now())


def test_an_organiser_cannot_approve_what_somebody_they_invited_asked_for(asked, ada, grace):
    puppet = make_established("puppet", days=0)
    Invitation.note(puppet, invited_by=grace)
    request = asked(6, user=puppet)

    assert "You invited" in request.obstacle(grace, timezone.now())
    assert request.obstacle(ada, timezone.now()) is None


def test_the_one_who_asked_cannot_approve(asked, ada):
    request = asked(6)

    assert "somebody else" in request.obstacle(ada, timezone.now())
    with pytest.raises(IntegrityError, match="two_organisers"), transaction.atomic():
        request.approve(ada, timezone.now())


def test_an_organiser_without_the_right_cannot_approve(asked):
    outsider = make_established("outsider", is_superuser=False)

    assert "permission" in asked(6).obstacle(outsider, timezone.now())


def test_the_database_lets_nothing_be_done_without_the_second_organiser(asked):
    request = asked(6)

    with pytest.raises(IntegrityError, match="a_second_organiser"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).update(state="done")


def test_it_is_not_asked_for_once_it_affects_another_number(draft):
    request = draft(3)
    Signature.objects.first().withdraw()

    assert not request.submit(3, "They rang us.", timezone.now())
    request.refresh_from_db()
    assert (request.state, states()) == ("draft", ["confirmed"] * 2 + ["withdrawn"])


def test_it_affects_only_those_who_were_counted_when_it_was_asked_for(ada, grace, pledge):
    waiting = SignatureFactory(pledge=pledge)
    shown = SignatureFactory.create_batch(6, pledge=pledge, public=True)
    keys = [str(one.pk) for one in (waiting, *shown)]
    request = ApprovalRequest.draft(REJECT, ada, about=pledge, signatures=keys)
    assert request.submit(6, "Bots.", timezone.now())
    Signature.objects.filter(pk=waiting.pk).confirm(timezone.now())
    request.approve(grace, timezone.now())

    assert states() == ["confirmed"] + ["rejected"] * 6


@pytest.mark.django_db(transaction=True)
def test_one_organiser_who_asks_and_decides_about_one_signature_in_two_windows_ends_both(draft, ada):
    request = draft(2)

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


def test_whom_somebody_has_just_invited_needs_a_second_even_for_one(asked, grace):
    newcomer = make_established("newcomer", days=6)
    assert asked(1, user=newcomer).state == "agreed"
    Invitation.note(newcomer, invited_by=grace)

    assert asked(1, user=newcomer).state == "waiting"


def test_who_withdraws_and_signs_again_meanwhile_is_left_alone(asked):
    request = asked(1)
    signature = Signature.objects.get()
    signature.withdraw()
    again = timezone.now()
    Signature.objects.update(state="pending", confirmation_sent_at=again, signed_at=again)
    Signature.objects.all().confirm(again)
    act_on_due(timezone.now() + DAY)

    request.refresh_from_db()
    assert (request.state, states()) == ("done", ["confirmed"])
