"""A brand's public status follows from the entries recorded until a moment."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from actions.businesses.models import Basis, Code, CompanyReply, Kind
from tests.actions.businesses.ledger import add, check, deliver, publish_claim, set_deadline

pytestmark = pytest.mark.django_db


def status(brand):
    return brand.status_at(timezone.now())


def test_without_entries_no_commitment_has_been_found(brand):
    assert status(brand).code == Code.NONE
    assert status(brand).sentence == f"No public commitment found as of {timezone.localdate():%-d %B %Y}"


def test_an_entry_counts_once_another_organiser_has_checked_it(brand, ada, grace):
    entry = add(brand, Kind.COMMITMENT, ada, basis=Basis.VERIFIED)
    assert status(brand).code == Code.NONE

    before = timezone.now()
    check(entry, grace)
    assert status(brand).code == Code.FULL
    assert status(brand).basis_label == "Verified by us"
    assert brand.status_at(before).code == Code.NONE


def test_a_claim_needs_two_organisers_evidence_and_a_delivered_notice_with_its_window(brand, ada, grace, time_machine):
    time_machine.move_to(datetime(2026, 12, 1, 12, tzinfo=timezone.get_default_timezone()), tick=False)
    claim = add(brand, Kind.DECLINED, ada, grace)
    assert status(brand).code == Code.NONE
    deliver(claim)
    time_machine.move_to(datetime(2026, 12, 15, 23, 59, tzinfo=timezone.get_default_timezone()), tick=False)
    assert status(brand).code == Code.NONE
    time_machine.move_to(datetime(2026, 12, 16, 0, 1, tzinfo=timezone.get_default_timezone()), tick=False)
    assert status(brand).code == Code.NONE
    publish_claim(claim, ada, grace)

    assert status(brand).code == Code.DECLINED
    assert status(brand).is_negative
    assert brand.status_at(timezone.now() - timedelta(hours=1)).code == Code.NONE


def test_a_deadline_passes_by_itself_after_a_delivered_notice(brand, ada, grace, time_machine):
    time_machine.move_to(datetime(2026, 12, 1, 12, tzinfo=timezone.get_default_timezone()), tick=False)
    promise = add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2026, 1, 10))
    set_deadline(promise, ada, grace, until=date(2027, 1, 10))
    assert status(brand).days_left() == 40
    time_machine.move_to(datetime(2027, 1, 11, 12, tzinfo=timezone.get_default_timezone()), tick=False)
    assert status(brand).code == Code.FULL  # without a notice it waits
    assert status(brand).days_left() is None

    deliver(promise)
    assert status(brand).code == Code.FULL
    time_machine.move_to(datetime(2027, 1, 26, 12, tzinfo=timezone.get_default_timezone()), tick=False)
    assert status(brand).code == Code.PASSED
    assert status(brand).label == "Deadline passed; no evidence received"
    assert status(brand).day == date(2027, 1, 10)

    kept = add(brand, Kind.KEPT, ada)  # evidence that waits for its check
    assert status(brand).code == Code.FULL
    check(kept, grace)
    assert status(brand).code == Code.KEPT


@pytest.fixture
def passed(brand, ada, grace, time_machine):
    """Return a commitment whose deadline has passed after a delivered notice."""
    time_machine.move_to(datetime(2026, 12, 1, 12, tzinfo=timezone.get_default_timezone()), tick=False)
    promise = add(brand, Kind.COMMITMENT, ada, grace, happened_on=date(2026, 1, 10))
    set_deadline(promise, ada, grace)
    deliver(promise)
    time_machine.move_to(datetime(2027, 1, 26, 12, tzinfo=timezone.get_default_timezone()), tick=False)
    assert status(brand).code == Code.PASSED
    return promise


def test_no_deadline_passes_while_a_reply_by_the_link_waits(passed, brand, ada, grace, time_machine):
    before = timezone.now()
    time_machine.move_to(before + timedelta(hours=1), tick=False)
    first, second = (CompanyReply.objects.create(brand=brand, about=passed, words="See our report.") for _ in range(2))
    assert status(brand).code == Code.FULL
    assert brand.status_at(before).code == Code.PASSED

    waiting = timezone.now()
    time_machine.move_to(waiting + timedelta(hours=1), tick=False)
    first.publish(ada, timezone.now())
    for reply in brand.entries.filter(kind=Kind.REPLY).to_check(timezone.now()):
        check(reply, grace)
    assert status(brand).code == Code.FULL  # the other one still waits
    second.refuse(timezone.now())
    assert status(brand).code == Code.PASSED
    assert brand.status_at(waiting).code == Code.FULL


@pytest.mark.parametrize("days_earlier", [0, 30])
def test_no_deadline_passes_while_a_reply_waits_for_its_check(passed, brand, ada, grace, days_earlier):
    reply = add(brand, Kind.REPLY, ada, happened_on=passed.happened_on - timedelta(days=days_earlier))
    assert status(brand).code == Code.FULL
    check(reply, grace)
    assert status(brand).code == Code.PASSED


@pytest.mark.parametrize("kind", [Kind.KEPT, Kind.REPLY])
def test_one_organiser_cannot_take_waiting_evidence_away(passed, brand, ada, grace, kind):
    evidence = add(brand, kind, ada)
    retraction = brand.record(Kind.RETRACTION, ada, corrects=evidence, note="It was not theirs.")
    assert status(brand).code == Code.FULL
    check(retraction, grace)
    assert status(brand).code == Code.PASSED
