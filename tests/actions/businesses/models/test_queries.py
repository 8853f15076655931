"""Public queries leave out an entry that has skipped a step, even if it got past the database's triggers."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from actions.businesses.models import Entry, Kind
from tests.actions.businesses.ledger import add, check, seal

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 12, 1, 12, tzinfo=timezone.get_default_timezone())
LAST_DAY = date(2026, 12, 15)
NOW = DELIVERED + timedelta(days=15)


@pytest.fixture
def unguarded(brand):
    """Switch off the triggers that refuse a step that comes too early; return the brand."""
    seal()
    with connection.cursor() as cursor:
        for trigger in ("admit_entry", "admit_check", "admit_publication"):
            cursor.execute(f"ALTER TABLE businesses_entry DISABLE TRIGGER {trigger}")
    return brand


def take_steps(brand, *, check_by="grace", notice=True, until=LAST_DAY, publication=True):
    """Add a claim with the steps that the arguments ask for; return the claim."""
    at = {"recorded_at": DELIVERED}
    claim = add(brand, Kind.DECLINED, **at)
    if check_by:
        brand.record(Kind.CHECK, about=claim, entered_name=check_by, **at)
    if notice:
        brand.record(Kind.NOTICE, about=claim, until=until, notice="0" * 32, **at)
    if publication:
        brand.record(Kind.PUBLICATION, about=claim, request=1, **at)
    return claim


def is_public(claim, moment=NOW):
    return Entry.objects.public(moment).filter(pk=claim.pk).exists()


@pytest.mark.parametrize(
    "left_out", [{"check_by": ""}, {"notice": False}, {"until": date(2026, 12, 16)}, {"publication": False}]
)
def test_a_claim_without_one_of_its_steps_is_not_public(unguarded, left_out):
    assert is_public(take_steps(unguarded))
    assert not is_public(take_steps(unguarded, **left_out))


def test_the_window_lasts_until_the_end_of_its_last_day(unguarded):
    claim = take_steps(unguarded)
    midnight = datetime(2026, 12, 16, tzinfo=timezone.get_default_timezone())

    assert not is_public(claim, midnight - timedelta(seconds=1))
    assert is_public(claim, midnight)


def test_a_claim_disappears_as_soon_as_it_or_its_notice_is_corrected(unguarded, ada):
    claim, other = take_steps(unguarded), take_steps(unguarded)
    now = {"recorded_at": NOW}
    unguarded.record(Kind.RETRACTION, ada, corrects=claim, note="We were wrong.", **now)
    unguarded.record(Kind.RETRACTION, ada, corrects=other.steps.get(kind=Kind.NOTICE), note="It came back.", **now)

    assert not is_public(claim)
    assert not is_public(other)
    assert is_public(claim, NOW - timedelta(seconds=1))


def test_a_commitment_disappears_only_once_its_retraction_has_been_checked(brand, ada, grace):
    promise = add(brand, Kind.COMMITMENT, ada, grace)
    retraction = brand.record(Kind.RETRACTION, ada, corrects=promise, note="We misread it.")
    assert is_public(promise, timezone.now())
    check(retraction, grace)

    assert not is_public(promise, timezone.now())


def test_only_replies_that_another_organiser_has_checked_are_shown_beside_a_claim(unguarded, ada, grace):
    claim = take_steps(unguarded)
    reply = add(unguarded, Kind.REPLY, ada, quotation="Not true.", recorded_at=DELIVERED)
    assert not Entry.objects.replies_to(claim, NOW).exists()
    unguarded.record(Kind.CHECK, grace, about=reply, recorded_at=DELIVERED)

    assert Entry.objects.replies_to(claim, NOW).get() == reply
