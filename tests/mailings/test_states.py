"""The states of a mailing: how each leads to another, and what is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from campaign.audit.models import AuditEntry
from campaign.mailings.models import Delivery, Mailing
from campaign.mailings.models.delivery import domain_hash, person_hash
from campaign.privacy.holdings import held_about
from tests.mail.bounces.conftest import delivery
from tests.mailings.crowd import address

S = Mailing.State
# For each method, the states in which it works and the state that follows. In any other state, it changes nothing.
VERBS = {
    "submit": ([S.DRAFT], S.WAITING),
    "withdraw": ([S.WAITING, S.SCHEDULED], S.DRAFT),
    "schedule": ([S.WAITING], S.SCHEDULED),
    "begin_filling": ([S.SCHEDULED], S.FILLING),
    "begin_sending": ([S.FILLING], S.SENDING),
    "pause": ([S.SENDING], S.PAUSED),
    "resume": ([S.PAUSED, S.HALTED], S.SENDING),
    "stop": ([S.SCHEDULED, S.FILLING, S.SENDING, S.PAUSED, S.HALTED], S.STOPPED),
    "halt": ([S.SENDING, S.PAUSED], S.HALTED),
    "finish": ([S.SENDING], S.SENT),
}
ARGUMENTS = {"begin_filling": [], "begin_sending": [], "finish": [], "halt": ["spam"]}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", VERBS)
def test_each_change_of_state_is_audited_and_possible_only_from_certain_states(verb):
    before, after = VERBS[verb]
    for state in S:
        mailing = Mailing.objects.create(subject="News")
        Mailing.objects.filter(pk=mailing.pk).update(state=state)
        moved = getattr(mailing, verb)(*ARGUMENTS.get(verb, [None]))

        assert moved == (state in before)
        assert mailing.state == Mailing.objects.get(pk=mailing.pk).state == (after if moved else state)
        assert AuditEntry.objects.about(mailing).count() == moved


def test_submitting_freezes_the_version_that_is_sent():
    mailing = Mailing.objects.create(subject="Agreed")
    mailing.submit(None)
    Mailing.objects.update(subject="Changed behind our backs")
    mailing.refresh_from_db()

    assert mailing.as_sent().subject == "Agreed"


def reached(mailing, number, **changes):
    Delivery.objects.bulk_create(delivery(mailing, address(each), **changes) for each in range(number))


@pytest.mark.parametrize(
    ("accepted", "reports", "state"), [(499, 5, S.SENDING), (700, 2, S.SENDING), (700, 3, S.HALTED)]
)
def test_three_spam_reports_in_1000_messages_halt_a_mailing_of_at_least_500(accepted, reports, state):
    mailing = Mailing.objects.create(subject="News", state=S.SENDING)
    reached(mailing, accepted)
    for number in range(reports):
        assert Delivery.objects.reported_as_spam(address(number).upper())
    assert not Delivery.objects.reported_as_spam(address(0))

    mailing.refresh_from_db()
    assert mailing.state == state
    assert mailing.halted_because == ("spam" if state == S.HALTED else "")


@pytest.mark.parametrize(
    ("hard", "bounces", "state"), [(True, 24, S.SENDING), (True, 25, S.HALTED), (False, 60, S.SENDING)]
)
def test_hard_bounces_halt_a_mailing_at_5_in_100(hard, bounces, state):
    mailing = Mailing.objects.create(subject="News", state=S.SENDING)
    reached(mailing, 500)
    for number in range(bounces):
        Delivery.objects.bounced(address(number), hard=hard)

    mailing.refresh_from_db()
    assert mailing.state == state


def test_a_bounce_counts_only_for_the_newest_mailing():
    old, new = (Mailing.objects.create(subject="News", state=S.SENT) for _number in range(2))
    reached(old, 1, claimed_at=timezone.now() - timedelta(days=3))
    reached(new, 1)
    Delivery.objects.bounced(address(0), hard=False)
    Delivery.objects.bounced(address(0), hard=True)

    assert (old.statistics()["bounced"], new.statistics()["bounced"]) == (0, 1)


def test_deliveries_are_erased_30_days_after_the_last_one_but_totals_are_kept():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        mailing = Mailing.objects.create(subject="News", state=S.SENT, started_at=timezone.now())
        reached(mailing, 2)
        before = mailing.statistics()
        clock.shift(timedelta(days=29, hours=23))
        call_command("retention")
        assert mailing.deliveries.count() == 2

        clock.shift(timedelta(hours=2))
        call_command("retention")
    mailing.refresh_from_db()
    assert mailing.deliveries.count() == 0
    assert mailing.statistics() == before


def test_a_mailing_paused_for_30_days_is_stopped_and_its_deliveries_erased():
    long_ago = timezone.now() - timedelta(days=31)
    mailing = Mailing.objects.create(subject="News", state=S.PAUSED, started_at=long_ago)
    reached(mailing, 1, state="queued", claimed_at=None, done_at=None)
    call_command("retention")

    mailing.refresh_from_db()
    assert (mailing.state, mailing.statistics()["queued"], mailing.deliveries.count()) == (S.STOPPED, 1, 0)


def test_a_subject_access_request_shows_which_mailings_went_to_an_address():
    mailing = Mailing.objects.create(subject="The news of May", state=S.SENT)
    reached(mailing, 2)
    [entry] = [entry for entry in held_about(address(0)) if entry.what == "Delivery"]

    assert ("Mailing", "The news of May") in entry.values
    assert ("State", "sent") in entry.values


def test_a_mailing_restored_from_a_backup_is_not_sent_to_everybody_again(tmp_path, settings):
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures.log")
    (tmp_path / "erasures.log").touch()
    for state in S:
        Mailing.objects.create(subject=state, state=state, version=1)
    call_command("replay_erasures")

    after = dict(Mailing.objects.values_list("subject", "state"))
    assert {state for state, now in after.items() if now == S.DRAFT} == {S.DRAFT, S.WAITING, S.SCHEDULED}
    assert {state for state, now in after.items() if now == S.STOPPED} == set(S) - {
        S.DRAFT,
        S.WAITING,
        S.SCHEDULED,
        S.SENT,
    }


def test_people_and_domains_are_hashed_for_mailings_only():
    assert person_hash("A.B@Googlemail.com") == person_hash("ab@gmail.com")
    assert len(domain_hash("ab@gmail.com")) == 8
